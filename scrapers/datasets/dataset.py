"""What a data set is: one small contract that all of them keep.

To add one, write a file beside this one with a class that has

* a ``name``, the short word a person asks for it with,
* a constructor that takes the folder it is kept in and does not read,
* a ``read`` method that yields records one by one, from what is on this machine,
* if it comes from the web, a ``fetch`` that brings it into the folder and that, called
  again, brings only what is missing,

and add an example of it to ``tests/scrapers/datasets/test_dataset_contract.py``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

from data.records import LabelledAudio, SetAside
from data.settings import Settings
from scrapers.http import PoliteSession

#: Told ``(what, done, total)`` while something long runs; `total` is 0 while unknown.
Progress = Callable[[str, int, int], None]

AUDIO_ENDINGS = frozenset(
    {".aac", ".aif", ".aiff", ".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav", ".wma"}
)


class Dataset(ABC):
    """Labelled sound in a folder of this machine."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def read(self) -> Iterator[LabelledAudio | SetAside]:
        """Read from the start, in a fixed order; a second call yields equal records.

        Yields
        ------
        LabelledAudio or SetAside
            A file that is there, its `source_id` unique within one reading; or what
            the data set names and cannot give, with the place and the reason.

        Raises
        ------
        data.errors.SegueError
            If the whole cannot be read, in one sentence for the person who gave it.
        """


class OnlineDataset(Dataset):
    """Labelled sound that is fetched from the web into the folder first."""

    @abstractmethod
    def fetch(
        self, session: PoliteSession, settings: Settings, *, progress: Progress | None = None
    ) -> list[SetAside]:
        """Bring what is not in the folder yet; broken off, it goes on when called again.

        Returns
        -------
        list of SetAside
            What could not be fetched while the rest could, and why.

        Raises
        ------
        data.errors.SegueError
            If nothing more can be fetched now.
        """
