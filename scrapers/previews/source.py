"""The contract that every service of previews keeps."""

from __future__ import annotations

from typing import Protocol

from data.errors import SegueError
from data.records import Preview, Service


class Unavailable(SegueError):
    """A service gave no usable answer, which says nothing about the track.

    Parameters
    ----------
    reason : str
        What went wrong, as a sentence without its full stop.
    seconds : float
        How long the service is best left alone.
    """

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(f"{reason}; try again in {max(1, round(seconds))} seconds.")
        self.reason = reason
        self.seconds = seconds


class PreviewSource(Protocol):
    """A service that has previews."""

    #: As in `OutsideTrack.service`.
    name: Service
    #: As it calls itself.
    label: str

    def find(
        self, artist: str, title: str, *, isrc: str = "", duration_s: float | None = None
    ) -> Preview | None:
        """Return the preview of a recording, or None where the service has none of it.

        Another version of the track is another recording, and none is better than a wrong one.

        Parameters
        ----------
        artist : str
            Joined credit.
        title : str
            With the version in brackets.
        isrc : str
            In canonical spelling, if it is known.
        duration_s : float, optional
            Length of the recording in seconds; what differs by more than three is another.

        Raises
        ------
        Unavailable
            If the service did not answer the question.
        """
        ...

    def again(self, ident: str) -> Preview | None:
        """Return the preview of a track that `find` gave, with an address that is valid now.

        Raises
        ------
        Unavailable
            If the service did not answer the question.
        """
        ...
