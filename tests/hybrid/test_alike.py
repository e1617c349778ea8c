"""What sounds alike: what may be asked with, how it is named, and what it says of itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from data.catalogue import Catalogue, Sound
from data.errors import SegueError
from data.records import Embedding, Track
from data.settings import Settings
from hybrid import listen
from hybrid.alike import AlikeAnswer, alike
from hybrid.analysis import analyse_files
from tests.hybrid.ears import EAR

#: One number a fragment, so that a distance can be seen: track, genre, fragments.
MUSIC = [
    ("Anna", "Moon", "TECHNO", (1.0, 2.0)),
    ("Bix", "Tide", "Techno", (1.5, 40.0)),
    ("Cy", "Reef", "House", (9.0, 3.0)),
    ("Dov", "Sill", "", (50.0,)),
]


@pytest.fixture
def crate(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
    catalogue.add_sound(
        Sound(
            f"hash of {title}",
            track=Track(artist, title, genre=genre),
            duration_s=60.0,
            embedding=_embedding(values),
        )
        for artist, title, genre, values in MUSIC
    )
    return catalogue


def _embedding(values: tuple[float, ...], version: str = "1") -> Embedding:
    fragments = np.array([[value, 1.0, 0.0, 0.0] for value in values], np.float32)
    starts = 5.0 * np.arange(len(values))
    return Embedding("ear", version, fragments.mean(axis=0), fragments, starts, 5.0)


def ask(catalogue: Catalogue, *liked: str | Path, method: str = "fragments") -> AlikeAnswer:
    return alike(catalogue, Settings(), liked, method=method)


def test_what_is_no_known_recording_goes_by_its_path(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
    asked, plain, named = (tmp_path / f"{name}.mp3" for name in ("a", "track02", "Anna - Moon"))
    for file in (asked, plain, named):
        file.write_text(file.stem)
    with ThreadPoolExecutor(1) as pool:
        list(analyse_files(catalogue, Settings(), [asked, plain, named], EAR, executor=pool))

    answer = ask(catalogue, str(asked), method="mean")
    assert {found.name for found in answer.results} == {str(plain), "Anna - Moon"}
    assert list(answer.liked) == [str(asked)]
    # A track of the catalogue and a file may be liked together.
    both = ask(catalogue, "Anna - Moon", asked)
    assert [found.name for found in both.results] == [str(plain)]
    assert set(both.liked) == {"Anna - Moon", str(asked)}


@pytest.mark.parametrize("by", ["name", "spelling", "id"])
def test_a_track_of_the_catalogue_is_liked_by_name_or_id(crate: Catalogue, by: str) -> None:
    ident = crate.find(Track("Anna", "Moon"))
    answer = ask(crate, {"name": "Anna - Moon", "spelling": "ANNA – moon", "id": str(ident)}[by])
    assert answer.liked == {"Anna - Moon": ("TECHNO",)}
    assert [found.name for found in answer.results] == ["Bix - Tide", "Cy - Reef", "Dov - Sill"]


def test_fragments_tell_start_distance_and_tags(crate: Catalogue) -> None:
    """d is the sum of the distances to 1 and 2: from 1.5 it is 1, from 3 it is 3."""
    answer = ask(crate, "Anna - Moon")
    drawn = [(one.name, one.start_s, one.tags) for one in answer.selected]
    assert drawn == [("Anna - Moon", 0.0, ("TECHNO",)), ("Anna - Moon", 5.0, ("TECHNO",))]
    nearest, second, last = answer.results
    assert (nearest.start_s, nearest.tags, nearest.shared) == (0.0, ("Techno",), ("Techno",))
    assert nearest.value == pytest.approx(1.0, abs=0.05)
    assert (second.start_s, second.tags, second.shared) == (5.0, ("House",), ())
    assert second.value == pytest.approx(3.0, abs=0.05)
    assert (last.tags, last.shared) == ((), ())


@pytest.mark.parametrize("method", ["mean", "votes"])
def test_the_other_methods_tell_tags_and_no_fragment(crate: Catalogue, method: str) -> None:
    answer = ask(crate, "Anna - Moon", "Cy - Reef", method=method)
    assert answer.liked == {"Anna - Moon": ("TECHNO",), "Cy - Reef": ("House",)}
    assert answer.selected == ()
    assert {found.name for found in answer.results} == {"Bix - Tide", "Dov - Sill"}
    assert all(found.start_s is None for found in answer.results)


def test_every_file_of_a_liked_track_is_liked(crate: Catalogue) -> None:
    again = Track("Anna", "Moon")
    crate.add_sound([Sound("other", track=again, duration_s=9.0, embedding=_embedding((7.0,)))])
    answer = ask(crate, "Anna - Moon")
    assert "Anna - Moon" not in {found.name for found in answer.results}
    assert sorted(one.start_s for one in answer.selected) == [0.0, 0.0, 5.0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "Anna - Mooon",
            'no track "Anna - Mooon"; near it are "Anna - Moon".*a file give its path',
        ),
        ("Xyzzy - Qwerty", 'no track "Xyzzy - Qwerty"; nothing in it is near that'),
        ("moon", '"Anna - Moon"'),
        ("999", "no track with the id 999"),
        ("gone.flac", "There is no file gone.flac"),
        ("/nowhere/Anna - Moon.mp3", "There is no file /nowhere/Anna - Moon.mp3"),
        (f"{'x' * 5000} - y", "nothing in it is near"),
    ],
)
def test_what_is_not_there_is_said_with_a_way_on(crate: Catalogue, asked: str, said: str) -> None:
    with pytest.raises(SegueError, match=said):
        ask(crate, asked)


def test_a_folder_is_no_track(crate: Catalogue, tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="is a folder: name the files"):
        ask(crate, str(tmp_path))


def test_a_track_that_this_encoder_never_heard_is_said_to_be_so(crate: Catalogue) -> None:
    track = Track("Eno", "Epsilon")
    crate.add_sound([Sound("e", track=track, duration_s=9.0, embedding=_embedding((7.0,), "0"))])
    with pytest.raises(SegueError, match=r"Eno - Epsilon was never heard .* `segue analyse`"):
        ask(crate, "Anna - Moon", "Eno - Epsilon")


def test_where_nothing_else_was_analysed_that_is_said(crate: Catalogue) -> None:
    with pytest.raises(SegueError, match=r"Nothing else has been analysed.*`segue analyse`"):
        ask(crate, *(f"{artist} - {title}" for artist, title, *_ in MUSIC))
