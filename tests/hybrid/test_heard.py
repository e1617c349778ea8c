"""An audio file as a seed: what it is known by, and that asking keeps nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import OutsideId, Play, Seed, Track, Tracklist
from data.settings import Settings
from hybrid.analysis import analyse_files
from hybrid.corpus import interactions_of
from hybrid.heard import Listener
from hybrid.listen import FileSound, Job
from hybrid.resolve import Resolver
from hybrid.sound_space import SoundSpace
from tests.hybrid.ears import EAR, hear, heard

ISRC = "GBAYD1300049"
ROWS = [
    Track("Mara Vale", "Night Bus", label="Quay Records", ids=(OutsideId("isrc", ISRC, "notes"),)),
    Track("Otto Lindqvist", "Copper Wire"),
    Track("Fjord", "Chapter Part 1"),
]


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


@pytest.fixture
def crate(catalogue: Catalogue, music: Path, threads: Executor) -> Catalogue:
    """Three tracks in a set; one of them was analysed, as was a file that nobody can name."""
    plays = tuple(Play(n, "identified", track) for n, track in enumerate(ROWS, start=1))
    catalogue.add_tracklists([Tracklist("notes", "1", "Set 1", plays)])
    analysed = [
        put(music, "Otto Lindqvist - Copper Wire", "twelve bytes"),
        put(music, "track 07", "seven b"),
    ]
    list(analyse_files(catalogue, Settings(), analysed, EAR, executor=threads))
    (music / "heard.log").unlink()
    return catalogue


def put(folder: Path, name: str, text: str = "ten bytes.") -> Path:
    path = folder / f"{name}.mp3"
    path.write_text(text)
    return path


def listener_of(crate: Catalogue, executor: Executor | None, ear=EAR, **space: str) -> Listener:
    snapshot = crate.snapshot()
    vectors = np.eye(len(snapshot.titles), 4, dtype=np.float32)
    named = {"encoder": "ear", "version": "1", **space}
    sound = SoundSpace.of(np.arange(len(vectors)), vectors, len(vectors), **named)
    resolver = Resolver(crate, snapshot, interactions_of(snapshot), sound=sound)
    return Listener(crate, Settings(), resolver, sound, ear=ear, executor=executor)


@pytest.fixture
def ask(crate: Catalogue, threads: Executor) -> Callable[..., Seed]:
    def hear_one(path: Path, ear=EAR, **space: str) -> Seed:
        with listener_of(crate, threads, ear, **space) as listener:
            return listener.hear(path)

    return hear_one


def tagged(job: Job, **tags: str) -> FileSound:
    return replace(hear(job), tags=tags, track=None)


def test_a_file_that_nothing_is_known_of_is_asked_by_its_sound(ask, music):
    path = put(music, "track 03")
    seed = ask(path)
    assert (seed.rung, seed.recording_id, seed.query, seed.near) == ("sound", None, str(path), ())
    assert seed.vector.tolist() == [10, 10, 10, 10]
    assert seed.analysis.bpm == 10


@pytest.mark.parametrize(
    ("name", "rung"),
    [
        ("Mara Vale - Night Bus", "recording"),
        ("03 - Mara Vale - Night Bus", "recording"),
        ("Mara Vale - Night Bus (Cove Remix)", "work"),
        ("Mara Vale - Nigth Bus", "search"),
        ("Mara Vale - Unheard", "artist"),
        ("Nobody - Unheard [Quay Records]", "label"),
        ("Nobody - Unheard", "sound"),
    ],
)
def test_its_name_says_which_track_it_is_and_its_sound_is_there_as_well(ask, music, name, rung):
    seed = ask(put(music, name))
    assert seed.rung == rung
    assert (seed.recording_id is None) == (rung in ("artist", "label", "sound"))
    assert seed.vector is not None
    assert seed.analysis is not None


@pytest.mark.parametrize(
    ("tags", "rung"),
    [
        ({"isrc": ISRC}, "id"),
        ({"isrc": "GBAYD1300050", "artist": "Fjord"}, "artist"),
        ({"artist": "Fjord"}, "artist"),
        ({"label": "Quay"}, "label"),
        ({"artist": "Nobody"}, "sound"),
    ],
)
def test_tags_that_name_no_track_still_say_whose_it_is(ask, music, tags, rung):
    ear = replace(EAR, analyse=lambda job: tagged(job, **tags))
    assert ask(put(music, "track 03"), ear).rung == rung


def test_content_that_was_analysed_is_known_wherever_it_lies_and_is_not_heard_again(
    ask, music, crate
):
    path = put(music, "another name", "twelve bytes")
    for known in (music / "Otto Lindqvist - Copper Wire.mp3", path):
        seed = ask(known)
        assert (seed.rung, str(crate.track(seed.recording_id))) == (
            "id",
            "Otto Lindqvist - Copper Wire",
        )
        assert seed.vector.tolist() == [12] * 4
        assert seed.analysis.bpm == 12
    assert heard(music) == []


def test_what_was_analysed_but_is_no_recording_is_asked_by_its_sound(ask, music):
    seed = ask(music / "track 07.mp3")
    assert (seed.rung, seed.vector.tolist()) == ("sound", [7] * 4)
    assert heard(music) == []


def test_asking_changes_nothing_in_the_catalogue(ask, music, crate):
    before = crate.stats(), crate.set_aside()
    ask(put(music, "track 03"))
    ask(put(music, "Somebody - New"))
    with pytest.raises(SegueError):
        ask(put(music, "broken", "bad"))
    assert (crate.stats(), crate.set_aside()) == before
    assert crate.find(Track("Somebody", "New")) is None
    assert not crate.known_files([music / "track 03.mp3"])


def test_a_file_that_changed_since_it_was_analysed_is_heard_as_it_is_now(ask, music):
    path = put(music, "Otto Lindqvist - Copper Wire", "other")
    assert ask(path).vector.tolist() == [5] * 4
    assert len(heard(music)) == 1


@pytest.mark.parametrize("space", [{"encoder": "another"}, {"version": "2"}])
def test_vectors_that_cannot_be_compared_with_are_not_made(ask, music, space):
    seed = ask(put(music, "track 03"), **space)
    assert (seed.rung, seed.vector) == ("sound", None)
    assert seed.analysis.bpm == 10
    assert ask(music / "track 07.mp3", **space).vector is None
    assert (music / "heard.log").read_text().split()[2] == "10"  # numbers, no vector


def test_where_no_music_was_heard_a_file_is_still_measured(crate, music, threads):
    snapshot = crate.snapshot()
    resolver = Resolver(crate, snapshot, interactions_of(snapshot))
    with Listener(crate, Settings(), resolver, None, ear=EAR, executor=threads) as listener:
        seed = listener.hear(put(music, "track 03"))
    assert (seed.rung, seed.vector, seed.analysis.bpm) == ("sound", None, 10)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("bad", "is cut off"), ("nan", "gives no number for energy"), (None, "does not exist")],
)
def test_a_file_that_cannot_be_heard_is_one_sentence_that_names_it(ask, music, text, reason):
    path = music / "broken.mp3"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SegueError, match=rf"broken\.mp3 {reason}.*\.$"):
        ask(path)


def test_a_folder_is_no_file(ask, music):
    with pytest.raises(SegueError, match=r"music is no file\.$"):
        ask(music)


def test_a_file_that_ends_its_worker_costs_nothing_else(crate, music):
    """In a process of its own, which is started once for all files."""
    with listener_of(crate, None) as listener:
        with pytest.raises(SegueError, match="crashes the decoder"):
            listener.hear(put(music, "broken", "crash"))
        assert listener.hear(put(music, "track 03")).rung == "sound"
        assert listener.hear(put(music, "track 04", "four")).rung == "sound"
    workers = {line.split()[-1] for line in (music / "heard.log").read_text().splitlines()[-2:]}
    assert len(workers) == 1


def test_the_fragments_of_every_file_are_at_hand_by_its_query(crate, music, threads):
    new, known = put(music, "track 03"), music / "track 07.mp3"
    listener = listener_of(crate, threads)
    for path in (new, known):
        listener.hear(path)
    assert listener.embeddings.keys() == {str(new), str(known)}
    assert listener.embeddings[str(new)].fragments.tolist() == [[10] * 4]
    assert listener.embeddings[str(known)].fragments.tolist() == [[7] * 4]


def test_the_seed_of_a_file_is_a_question_about_its_sound(crate, music, threads):
    listener = listener_of(crate, threads)
    seed = listener.hear(put(music, "Mara Vale - Unheard"))
    snapshot = crate.snapshot()
    space = SoundSpace.of(np.arange(1), np.eye(1, 4, dtype=np.float32), len(snapshot.titles))
    resolver = Resolver(crate, snapshot, interactions_of(snapshot), sound=space)
    question = resolver.question([seed])
    np.testing.assert_allclose(question.vectors, [[0.5] * 4])
    assert len(question.query.artists) == 1
