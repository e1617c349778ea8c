"""``segue recommend --queries``: many questions in a file, an answer for each line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.records import OutsideId, Play, Track, Tracklist
from data.settings import Settings
from tests.dashboard.recommending import SEED, answers, query, run


def test_a_query_file_gets_one_answer_a_line_in_order(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(
        "\n".join(
            [
                query("a", ("Fennec Unit", "Hollow Horizon")),
                query(2, ("Nobody Ever Heard", "Of This Track")),
                query(
                    "mixed",
                    ("Nadia Thorngate", "Lightning Dynasty (Marcelline Dupree Dub Mix)"),
                    ("Nobody Ever Heard", "Of This Track"),
                ),
            ]
        )
    )
    first, second, third = answers(file, "-k", "7")
    assert [a["id"] for a in (first, second, third)] == ["a", 2, "mixed"]
    assert len(first["results"]) == 7
    assert first.keys() == {
        *("id", "results", "unknown"),
        *("rungs", "hidden", "lens", "balance", "note"),
    }
    assert {"artist", "title", "score"} <= first["results"][0].keys()
    assert first["unknown"] == []
    assert second["unknown"] == [{"artist": "Nobody Ever Heard", "title": "Of This Track"}]
    assert all("Nothing is known" in r["reason"] for r in second["results"])
    assert third["unknown"] == second["unknown"]
    assert len(third["results"]) == 7


def test_a_file_gives_the_same_answers_as_the_terminal(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(query(1, ("Fennec Unit", "Hollow Horizon")))
    (answer,) = answers(file, "-k", "20")
    spoken = json.loads(run("recommend", SEED, "-k", "20", "--json").stdout)
    assert [r["title"] for r in answer["results"]] == [r["title"] for r in spoken["results"]]


MALFORMED = [
    b"not json",
    b"[]",
    b'"text"',
    b"{}",
    b'{"id": 1}',
    b'{"id": 1, "seeds": []}',
    b'{"id": 1, "seeds": "Odd Heron - Low Tide"}',
    b'{"id": 1, "seeds": ["Odd Heron - Low Tide"]}',
    b'{"id": 1, "seeds": [{"artist": "Odd Heron"}]}',
    b'{"id": 1, "seeds": [{"artist": null, "title": 7}]}',
    b'{"id": 1, "seeds": [{"id": "1"}]}',
    b'{"id": 1, "seeds": [{"id": true}]}',
    b'{"id": 1, "seeds": [{"id": 1%s}]}' % (b"0" * 30),
    b'{"id": 1, "seeds": [{"isrc": "no isrc"}]}',
    b'{"id": 1, "seeds": [{"spotify": "https://example.org/x"}]}',
    b'{"id": 1, "seeds": [{"file": "nowhere.mp3"}]}',
    b'{"id": 1, "seeds": [{"text": "Odd Heron"}], "balence": 0.5}',
    b'{"id": 1, "seeds": [{"text": "Odd Heron"}], "filters": {"tempo": 3}}',
    b'{"id": 1, "seeds": [{"text": "Odd Heron"}], "dials": []}',
    b'{"id": 1, "seeds": [{"text": "Odd Heron"}], "balance": 7}',
    b'{"id": {"a": 1}, "seeds": []}',
    b"\xff\xfe",
    b"[" * 100_000,
    b"1" * 10_000,
    b"\x00",
]


def test_a_malformed_line_is_an_error_in_its_answer_and_the_rest_goes_on(
    demo_home: Path, tmp_path: Path
) -> None:
    good = query("good", ("Fennec Unit", "Hollow Horizon")).encode()
    file = tmp_path / "q.jsonl"
    # More than a block of good lines first: what is in it decides whether a file is text.
    file.write_bytes(b"\n".join([*[good] * 60, *(b"%s\n\n%s" % (m, good) for m in MALFORMED)]))
    found = answers(file, "-k", "2")
    assert len(found) == 60 + 2 * len(MALFORMED)
    for bad, line in zip(found[60::2], MALFORMED, strict=True):
        assert bad["error"], line[:80]
        assert (bad["results"], bad["unknown"]) == ([], [])
    assert not any("error" in answer for answer in found[:60] + found[61::2])
    assert all(len(answer["results"]) == 2 for answer in found[:60] + found[61::2])


STRANGE = [
    ("", ""),
    ("", "Hollow Horizon"),
    ("?", "?"),
    ("\ud800", "x"),
    ("a\x00b", "c"),
    ('"', '" OR zzz*'),
    ("x" * 10_000, "y" * 10_000),
    ("夜", "🚌"),
    ("NEAR(", "AND OR NOT"),
]


def test_strange_names_are_unknown_and_never_fatal(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(query(n, names) for n, names in enumerate(STRANGE)))
    found = answers(file, "-k", "1")
    assert [answer["id"] for answer in found] == list(range(len(STRANGE)))
    for answer in found:
        assert "error" not in answer
        assert len(answer["unknown"]) == 1


def test_a_number_that_is_no_number_does_not_make_bad_json(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": NaN, "seeds": [{"artist": "Fennec Unit", "title": "Hollow Horizon"}]}')
    (answer,) = answers(file, "-k", "1")
    assert answer["id"] is None


ISRC, SPOTIFY = "GBAYD1300049", "4uLU6hMCjMI75M1A2tKUQC"


@pytest.fixture
def known_ids(demo_home: Path) -> int:
    """A track that sets know by its ISRC and Spotify id as well; returns its recording."""
    track = Track(
        "Mara Vale",
        "Night Bus",
        ids=(OutsideId("isrc", ISRC, "notes"), OutsideId("spotify", SPOTIFY, "notes")),
    )
    with Catalogue.open(Settings().url) as catalogue:
        other = catalogue.track(1)
        plays = (Play(1, "identified", track), Play(2, "identified", other))
        catalogue.add_tracklists([Tracklist("notes", "1", "Set", plays)])
        ident = catalogue.find(track)
    assert ident is not None
    return ident


def test_a_seed_may_be_given_in_many_ways(known_ids: int, tmp_path: Path, quick_ear: None) -> None:
    audio = tmp_path / "Mara Vale - Night Bus.mp3"
    audio.write_text("text")
    seeds = [
        {"artist": "Mara Vale", "title": "Night Bus"},
        {"artist": "M. Vale", "title": "Night", "isrc": ISRC},
        {"text": "mara vale nigth bus"},
        {"text": f"https://open.spotify.com/track/{SPOTIFY}?si=1"},
        {"isrc": "gb-ayd-13-00049"},
        {"spotify": SPOTIFY},
        {"spotify": f"spotify:track:{SPOTIFY}"},
        {"id": known_ids},
        {"file": str(audio)},
    ]
    file = tmp_path / "q.jsonl"
    file.write_text("\n".join(json.dumps({"id": n, "seeds": [s]}) for n, s in enumerate(seeds)))
    found = answers(file, "-k", "3")
    assert [answer["rungs"] for answer in found] == [
        ["recording"],
        ["id"],
        ["search"],
        *[["id"]] * 5,
        ["recording"],
    ]
    assert all(answer["unknown"] == [] for answer in found)
    tracks = [[(r["artist"], r["title"]) for r in answer["results"]] for answer in found]
    assert all(names == tracks[0] for names in tracks)


def test_seeds_that_are_not_known_come_back_as_they_were_given(
    demo_home: Path, tmp_path: Path
) -> None:
    seeds = [{"isrc": ISRC}, {"spotify": SPOTIFY, "note": 1}, {"id": 10**9}, {"text": "zzzz qqqq"}]
    file = tmp_path / "q.jsonl"
    file.write_text(json.dumps({"id": 1, "seeds": seeds}))
    (answer,) = answers(file, "-k", "1")
    assert answer["unknown"] == [seeds[0], {"spotify": SPOTIFY}, *seeds[2:]]
    assert answer["rungs"] == ["none"] * 4
    assert "does not know this Spotify link yet; type artist and title" in answer["note"]


def test_a_dash_reads_stdin_and_writes_stdout(demo_home: Path) -> None:
    line = query(1, ("Fennec Unit", "Hollow Horizon"))
    result = run("recommend", "--queries", "-", "--out", "-", "-k", "1", stdin=f"{line}\n\n{line}")
    assert result.exit_code == 0
    assert [json.loads(text)["id"] for text in io.StringIO(result.stdout)] == [1, 1]


def test_the_answers_appear_whole_or_not_at_all(demo_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    out.write_text("the answers of yesterday")
    result = run("recommend", "--queries", str(tmp_path / "missing"), "--out", str(out))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert out.read_text() == "the answers of yesterday"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["r.jsonl"]


@pytest.mark.parametrize("out", ["missing/r.jsonl", "folder"])
def test_an_output_that_cannot_be_written_is_one_sentence(
    demo_home: Path, tmp_path: Path, out: str
) -> None:
    (tmp_path / "folder").mkdir()
    queries = tmp_path / "q.jsonl"
    queries.write_text(query(1, ("Fennec Unit", "Hollow Horizon")))
    result = run("recommend", "--queries", str(queries), "--out", str(tmp_path / out))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.glob("**/*.part"))
