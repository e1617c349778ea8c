"""A CSV of tracks: so many of each genre, none twice, and a run that was killed goes on."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import OutsideId, OutsideTrack, SetAside, Track
from data.settings import Settings
from hybrid.many import ManySummary, add_tracks
from hybrid.preview_listening import PreviewListener
from hybrid.previews import Previews
from hybrid.spotify.names import as_track
from tests.hybrid.previewing import EAR, keep_file, settings_for
from tests.peers.deezer import DeezerPeer
from tests.peers.itunes import ItunesPeer

HEADER = "track_id,artists,album_name,track_name,popularity,track_genre"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
WORDS = ("amber", "birch", "cedar", "dune", "ember", "fern", "grove", "heath", "iris", "jade")


def ident(number: int) -> str:
    return "".join(random.Random(number).choices(ALPHABET, k=22))


def row(number: int, genre: str, *, artist: str = "", title: str = "") -> str:
    artist = artist or f"Artist {number}"
    return f'{ident(number)},{artist},Album,"{title or f"Tune {number}"}",5,{genre}'


@pytest.fixture
def deezer() -> Iterator[DeezerPeer]:
    with DeezerPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def itunes() -> Iterator[ItunesPeer]:
    with ItunesPeer(seconds=1.0) as serving:
        yield serving


@pytest.fixture
def settings(deezer: DeezerPeer, itunes: ItunesPeer, own_home: Path) -> Settings:
    return settings_for(deezer, itunes, home=own_home)


class Stop(BaseException):
    """What ends a run from outside, as a kill does."""


class Run:
    """Runs over one file, as jobs would make them one after the other."""

    def __init__(self, catalogue: Catalogue, settings: Settings, path: Path) -> None:
        self.catalogue = catalogue
        self.settings = settings
        self.path = path
        self.aside: list[SetAside] = []

    def __call__(
        self, per_genre: int = 2, *, seed: int = 0, stop_after: int | None = None
    ) -> ManySummary:
        def progress(step: str, done: int, total: int) -> None:
            if stop_after is not None and step.startswith("Listening") and done >= stop_after:
                raise Stop

        previews = Previews(self.catalogue, self.settings)
        with (
            ThreadPoolExecutor(1) as hands,
            PreviewListener(
                self.catalogue, self.settings, previews=previews, ear=EAR, executor=hands
            ) as listener,
        ):
            return add_tracks(
                self.catalogue,
                [self.path],
                listener,
                previews,
                per_genre=per_genre,
                seed=seed,
                progress=progress,
                set_aside=self.aside.extend,
            )

    def names(self) -> set[str]:
        """The tracks that the catalogue holds."""
        snapshot = self.catalogue.snapshot()
        return {f"{a} - {t}" for a, t in zip(snapshot.artists, snapshot.titles, strict=True)}


@pytest.fixture
def run(catalogue: Catalogue, settings: Settings, tmp_path: Path) -> Run:
    return Run(catalogue, settings, tmp_path / "tracks.csv")


@pytest.fixture
def twelve(run: Run, deezer: DeezerPeer) -> Run:
    """Twelve tracks of three genres, all at Deezer."""
    rows = [row(number, f"genre-{number % 3}") for number in range(12)]
    run.path.write_text("\n".join([HEADER, *rows]))
    for number in range(12):
        deezer.add_track(f"Artist {number}", f"Tune {number}")
    return run


def test_so_many_of_each_genre_are_heard(twelve: Run) -> None:
    came = twelve(2)
    assert came == ManySummary(rows=12, genres=3, sampled=6, heard=6)
    genres = [int(name.rpartition(" ")[2]) % 3 for name in twelve.names()]
    assert sorted(genres) == [0, 0, 1, 1, 2, 2]
    assert not twelve.aside


def test_genre_and_id_come_with_a_track(twelve: Run) -> None:
    twelve(4)
    found = twelve.catalogue.find(Track("Artist 7", "Tune 7"))
    assert found is not None
    track = twelve.catalogue.track(found)
    assert track.genre == "genre-1"
    assert track.ids == (OutsideId("spotify", ident(7), "csv"),)


def test_the_same_seed_takes_the_same_tracks_and_another_takes_others(
    twelve: Run, new_catalogue: Path, tmp_path: Path
) -> None:
    taken = []
    for number, seed in enumerate((3, 3, 4)):
        path = tmp_path / f"{number}.sqlite"
        path.write_bytes(new_catalogue.read_bytes())
        with Catalogue.open(f"sqlite:///{path}") as other:
            once = Run(other, twelve.settings, twelve.path)
            once(2, seed=seed)
            taken.append(once.names())
    assert taken[0] == taken[1] != taken[2]


def test_each_run_adds_others_until_there_are_no_more(twelve: Run) -> None:
    twelve(2)
    first = twelve.names()
    came = twelve(2)
    assert (came.heard, came.known) == (6, 6)
    assert first < twelve.names() and len(twelve.names()) == 12
    came = twelve(2)
    assert (came.sampled, came.heard, came.known) == (0, 0, 12)


def test_a_track_that_the_dj_has_is_not_taken(
    twelve: Run, deezer: DeezerPeer, tmp_path: Path
) -> None:
    keep_file(twelve.catalogue, Track("Artist 7", "Tune 7"), tmp_path / "7.wav")
    came = twelve(4)
    assert (came.sampled, came.known) == (11, 1)
    assert not [asked for asked in deezer.requests if "Artist 7" in asked.query.get("q", "")]


def test_a_run_that_was_killed_goes_on_with_the_same_tracks(
    twelve: Run, deezer: DeezerPeer
) -> None:
    with pytest.raises(Stop):
        twelve(3, stop_after=4)
    begun = twelve.names()
    assert 4 <= len(begun) < 9
    came = twelve(3)
    assert came == ManySummary(rows=12, genres=3, sampled=9, heard=9, resumed=True)
    assert begun < twelve.names() and len(twelve.names()) == 9
    # What was heard before is not fetched again.
    fetched = Counter(asked.path for asked in deezer.asked(path="preview/*"))
    times = {f"{t.artist} - {t.title}": fetched[f"preview/{t.id}"] for t in deezer.tracks.values()}
    assert {times[name] for name in begun} == {1}
    # It is over: the next run is a new one.
    came = twelve(3)
    assert (came.resumed, came.sampled) == (False, 3)


def test_what_no_service_has_is_told_and_not_tried_again_the_same_day(
    twelve: Run, deezer: DeezerPeer, itunes: ItunesPeer
) -> None:
    for number in (0, 3):
        del deezer.tracks[next(k for k, t in deezer.tracks.items() if t.title == f"Tune {number}")]
    came = twelve(4)
    assert (came.heard, came.none, came.failed) == (10, 2, 0)
    assert sorted(twelve.aside, key=str) == [
        SetAside("Artist 0 - Tune 0", "No service has a preview of it"),
        SetAside("Artist 3 - Tune 3", "No service has a preview of it"),
    ]
    asked = len(deezer.requests) + len(itunes.requests)
    again = twelve(4)
    assert (again.sampled, again.known, again.silent) == (0, 10, 2)
    assert len(deezer.requests) + len(itunes.requests) == asked


def test_a_track_that_stands_there_twice_is_taken_once(run: Run, deezer: DeezerPeer) -> None:
    deezer.add_track("Ada Sun", "Moon Letter")
    rows = [
        row(1, "house", artist="Ada Sun", title="Moon Letter"),
        row(2, "house", artist="ADA SUN", title="Moon Letter - Original Mix"),
        row(3, "techno", artist="Ada Sun", title="Moon Letter"),
    ]
    run.path.write_text("\n".join([HEADER, *rows]))
    came = run(5)
    assert (came.rows, came.sampled, came.heard, came.repeated) == (3, 1, 1, 2)


def test_several_artists_stand_between_semicolons(run: Run, deezer: DeezerPeer) -> None:
    deezer.add_track("Ada Sun", "Moon Letter")
    run.path.write_text(f"{HEADER}\n{row(1, 'house', artist='Ada Sun;Bo', title='Moon Letter')}")
    run()
    assert run.catalogue.find(Track("Ada Sun & Bo", "Moon Letter")) is not None


@pytest.mark.parametrize(
    ("artist", "title", "named"),
    [
        ("Ada Sun;Bo Fern", "Moon Letter - Bo Fern Remix", "Ada Sun - Moon Letter (Bo Fern Remix)"),
        (
            "Ada Sun;Bo Fern;Cat Iris",
            "Moon Letter (feat. Cat Iris) - Bo Fern Remix",
            "Ada Sun feat. Cat Iris - Moon Letter (Bo Fern Remix)",
        ),
        (
            "Ada Sun;Cat Iris",
            "Moon Letter (feat. Cat Iris)",
            "Ada Sun feat. Cat Iris - Moon Letter",
        ),
    ],
)
@pytest.mark.parametrize("track_id", [ident(1), "", "1", "spotify"])
def test_a_row_becomes_the_recording_that_its_link_at_spotify_becomes(
    run: Run, deezer: DeezerPeer, artist: str, title: str, named: str, track_id: str
) -> None:
    linked = as_track(OutsideTrack("spotify", ident(1), tuple(artist.split(";")), title))
    assert isinstance(linked, Track) and str(linked) == named
    deezer.add_track(linked.artist, linked.full_title)
    run.path.write_text(f'{HEADER}\n{track_id},{artist},Album,"{title}",5,house')
    assert run().heard == 1
    found = run.catalogue.find(linked)
    assert found is not None
    track = run.catalogue.track(found)
    ids = (OutsideId("spotify", ident(1), "csv"),) if track_id == ident(1) else ()
    assert (str(track), track.genre, track.ids) == (named, "house", ids)


def test_a_row_whose_spotify_id_was_heard_under_another_name_is_known(
    run: Run, deezer: DeezerPeer
) -> None:
    deezer.add_track("Ada Sun", "Moon Letter")
    deezer.add_track("A. Sun", "The Moon Letter Song")
    run.path.write_text(f"{HEADER}\n{row(1, 'house', artist='Ada Sun', title='Moon Letter')}")
    assert run().heard == 1
    asked = len(deezer.requests)
    other = row(1, "house", artist="A. Sun", title="The Moon Letter Song")
    run.path.write_text(f"{HEADER}\n{other}")
    came = run()
    assert (came.sampled, came.heard, came.known) == (0, 0, 1)
    assert len(deezer.requests) == asked
    assert run.names() == {"Ada Sun - Moon Letter"}


def test_a_row_whose_spotify_id_is_there_but_was_never_heard_is_taken(
    run: Run, deezer: DeezerPeer
) -> None:
    spotify = OutsideId("spotify", ident(1), "spotify")
    run.catalogue.outside.add(Track("Ada Sun", "Moon Letter", ids=(spotify,)))
    deezer.add_track("Ada Sun", "Moon Letter")
    run.path.write_text(f"{HEADER}\n{row(1, 'house', artist='Ada Sun', title='Moon Letter')}")
    came = run()
    assert (came.sampled, came.heard, came.known) == (1, 1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "Artists,TRACK_NAME,Extra\nAda Sun,Moon Letter,=1+1\n",
        "\ufeffartists;track_name;track_genre\nAda Sun;Moon Letter;house\n",
        'track_name\tartists\tnotes\n"Moon Letter"\t"Ada Sun"\t\n',
    ],
)
def test_the_header_may_be_of_any_case_and_order_with_or_without_the_rest(
    run: Run, deezer: DeezerPeer, text: str
) -> None:
    deezer.add_track("Ada Sun", "Moon Letter")
    run.path.write_text(text, encoding="utf-8")
    assert run().heard == 1


def test_rows_that_name_no_track_are_counted_with_their_reason(
    run: Run, deezer: DeezerPeer
) -> None:
    deezer.add_track("Ada Sun", "Moon Letter")
    rows = [
        row(1, "house", artist="Ada Sun", title="Moon Letter"),
        f"{ident(2)},,Album,Nobody's,5,house",
        f"{ident(3)},Ada Sun,Album,,5,house",
        f"{ident(4)},Ada Sun,Album,Too,5,house,many,fields",
        row(5, "house", artist="Unknown", title="ID"),
    ]
    run.path.write_text("\n".join([HEADER, *rows]))
    came = run(9)
    assert (came.rows, came.heard) == (2, 1)
    reasons = {entry.where: entry.reason for entry in run.aside}
    assert reasons["tracks.csv, line 3"] == "it has no artist or no title"
    assert reasons["tracks.csv, line 4"] == "it has no artist or no title"
    assert "8 fields" in reasons["tracks.csv, line 5"]
    assert reasons["Unknown - ID"] == "its artist or title says that it is not known"


def test_a_thousand_bad_rows_are_told_of_in_short(run: Run) -> None:
    bad = [f"{ident(n)},,Album,,5,house" for n in range(1000)]
    run.path.write_text("\n".join([HEADER, row(1, "house"), *bad]))
    run()
    assert len(run.aside) == 202  # and the good one, which nobody has
    assert SetAside("tracks.csv", "800 more rows name no track") in run.aside


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,title\nAda Sun,Moon Letter\n", "lacks the column artists and track_name"),
        (b"artists,track_name\n,\n,Moon\n", "names no track"),
        (b"artists,track_name\n", "no rows"),
        (b"", "is empty"),
        (b"PK\x03\x04" + b"\x00" * 200, "lacks the column"),
        (b"\x00\xff\xfe" * 500, "."),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_a_sentence(
    run: Run, content: bytes, says: str
) -> None:
    run.path.write_bytes(content)
    with pytest.raises(SegueError, match=says) as refused:
        run()
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("seed", [-1, 2**40])
def test_any_whole_number_is_a_seed(twelve: Run, seed: int) -> None:
    assert twelve(1, seed=seed).heard == 3


@pytest.mark.parametrize("per_genre", [0, -1, 10_001])
def test_the_number_must_make_sense(twelve: Run, per_genre: int) -> None:
    with pytest.raises(SegueError, match="Choose 1 to 10,000 tracks"):
        twelve(per_genre)


@pytest.mark.slow
def test_eighty_nine_thousand_rows_are_read_and_sampled_in_seconds(
    run: Run, settings: Settings
) -> None:
    dice = random.Random(0)
    rows = [
        row(
            number,
            f"genre-{number % 114}",
            artist=" ".join(dice.choices(WORDS, k=3)),
            title=" ".join(dice.choices(WORDS, k=4)),
        )
        for number in range(89_000)
    ]
    run.path.write_text("\n".join([HEADER, *rows]))
    began = time.monotonic()
    with pytest.raises(Stop):
        run(70, stop_after=0)  # the first outcome: all are chosen by then
    seconds = time.monotonic() - began
    assert seconds < 60  # about 8 s on two quiet cores
