from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from data.catalogue import AudioFile, Catalogue, Sound
from data.harmony import parse_key
from data.records import Analysis, Embedding, OutsideId, SetAside, Track

NIGHT_BUS = Track("Mara Vale", "Night Bus", label="Quay", genre="House")
ANALYSIS = Analysis(
    duration_s=361.5,
    bpm=128.0,
    bpm_confidence=0.91,
    bpm_alternatives=(64.0, 256.0),
    beat_start_s=0.137,
    key=parse_key("8A"),
    key_confidence=0.8,
    key_runner_up=parse_key("8B"),
    energy=0.6,
    loudness_lufs=-9.5,
    rolloff_hz=4321.0,
    windows=((0.0, 30.0), (165.75, 30.0)),
    analyser="1",
    measured_bpm=127.9,
    measured_key=None,
    provenance={"bpm": "tag", "key": "measured"},
)


def vectors(seed: int = 0, *, encoder: str = "segue", version: str = "1") -> Embedding:
    rng = np.random.default_rng(seed)
    return Embedding(
        encoder,
        version,
        rng.normal(size=8).astype(np.float32),
        (rng.normal(size=(5, 8)) * 1e5).astype(np.float32),
        np.arange(5) * 0.7,
        5.0,
    )


def file(content_hash: str, path: str | Path = "/music/one.mp3", mtime_ns: int = 1) -> AudioFile:
    return AudioFile(Path(path), content_hash, 1000, mtime_ns)


def piece(content_hash: str, track: Track | None = None, path: str | Path = "", **more) -> Sound:
    given = {"duration_s": 361.5, "analysis": ANALYSIS, "embedding": vectors(), **more}
    place = file(content_hash, path or f"/music/{content_hash}.mp3")
    return Sound(content_hash, place, track, **given)


def known(catalogue: Catalogue, *hashes: str, analyser="1", encoder="segue", version="1"):
    return catalogue.known_sound(hashes, analyser=analyser, encoder=encoder, version=version)


def recording(catalogue: Catalogue, track: Track = NIGHT_BUS) -> int:
    ident = catalogue.find(track)
    assert ident is not None
    return ident


def test_numbers_come_back_as_they_went_in(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS)])

    ident = recording(catalogue)
    assert catalogue.sound([ident, 99]) == {ident: ANALYSIS}
    assert catalogue.stats().analysed == 1


def test_numbers_that_could_not_be_found_stay_unknown(catalogue):
    nothing = replace(
        ANALYSIS, bpm=None, beat_start_s=None, key=None, key_runner_up=None, measured_bpm=None
    )
    catalogue.add_sound([piece("a", NIGHT_BUS, analysis=nothing)])
    assert list(catalogue.sound([recording(catalogue)]).values()) == [nothing]


def test_vectors_come_back_whole_and_fragments_to_three_digits(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS), piece("b", embedding=vectors(1))])

    found = catalogue.vectors("segue", "1")
    assert found.recording_ids.tolist() == [recording(catalogue), -1]
    assert found.matrix.dtype == np.float32
    assert np.array_equal(found.matrix, [vectors().vector, vectors(1).vector])

    got = catalogue.fragments(found.audio_ids[:1], "segue", "1")[int(found.audio_ids[0])]
    largest = float(np.abs(vectors().fragments).max())
    assert np.array_equal(got.vector, vectors().vector)
    assert got.fragments == pytest.approx(vectors().fragments, abs=largest / 1000)
    assert got.starts_s.tolist() == vectors().starts_s.tolist()
    assert (got.fragment_s, got.encoder, got.version) == (5.0, "segue", "1")


def test_without_audio_there_are_no_vectors(catalogue):
    found = catalogue.vectors("segue", "1")
    assert (found.audio_ids.shape, found.matrix.shape) == ((0,), (0, 0))


def test_a_file_seen_before_is_known_by_path_size_and_time(catalogue):
    catalogue.add_sound([piece("a", path="/music/one.mp3")])
    one, two = Path("/music/one.mp3"), Path("/music/two.mp3")
    assert catalogue.known_files([one, two]) == {one: file("a", one)}


def test_a_name_that_is_no_text_is_kept_as_it_is(catalogue):
    odd = Path(os.fsdecode(b"/music/caf\xe9 " + b"x" * 3000 + b".mp3"))
    catalogue.add_sound([piece("a", path=odd)])
    assert catalogue.known_files([odd]) == {odd: file("a", odd)}


def test_a_piece_is_found_where_it_still_is(catalogue, tmp_path):
    there = tmp_path / "b.mp3"
    there.touch()
    for path in ("/a gone.mp3", there, "/z gone.mp3"):
        catalogue.add_sound([Sound("a", file("a", path), duration_s=60.0)])
    catalogue.add_sound([Sound("b", file("b", "/gone.mp3"), duration_s=60.0)])
    idents = {content: sound.audio_id for content, sound in known(catalogue, "a", "b").items()}
    found = catalogue.audio_paths([*idents.values(), 99])
    assert found == {idents["a"]: there, idents["b"]: Path("/gone.mp3")}


def test_a_copied_file_is_one_piece_of_audio_in_two_places(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS, path="/music/one.mp3")])
    catalogue.add_sound([Sound("a", file("a", "/usb/one.mp3"))])

    assert len(catalogue.known_files([Path("/music/one.mp3"), Path("/usb/one.mp3")])) == 2
    assert catalogue.stats().analysed == 1
    assert known(catalogue, "a")["a"].recording_id == recording(catalogue)


def test_only_what_is_of_another_version_is_missing(catalogue):
    catalogue.add_sound([piece("a")])

    assert known(catalogue, "a", "b").keys() == {"a"}
    both = known(catalogue, "a")["a"]
    assert both.analysis == ANALYSIS
    assert np.array_equal(both.vector, vectors().vector)
    numbers_old = known(catalogue, "a", analyser="2")["a"]
    assert numbers_old.analysis is None
    assert numbers_old.vector is not None
    for old in ({"version": "2"}, {"encoder": "tag_crnn"}):
        vector_old = known(catalogue, "a", **old)["a"]
        assert vector_old.analysis is not None
        assert vector_old.vector is None


def test_new_numbers_leave_the_vectors_and_new_vectors_the_numbers(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS)])
    newer = replace(ANALYSIS, bpm=64.0, analyser="2")
    catalogue.add_sound([Sound("a", analysis=newer)])
    assert np.array_equal(catalogue.vectors("segue", "1").matrix, [vectors().vector])

    catalogue.add_sound([Sound("a", embedding=vectors(2, version="2"))])
    assert catalogue.sound([recording(catalogue)])[recording(catalogue)] == newer
    assert np.array_equal(catalogue.vectors("segue", "2").matrix, [vectors(2).vector])
    assert len(catalogue.vectors("segue", "1").matrix) == 0


def test_encoders_stand_beside_each_other(catalogue):
    catalogue.add_sound([piece("a")])
    catalogue.add_sound([Sound("a", embedding=vectors(3, encoder="tag_crnn"))])
    assert len(catalogue.vectors("segue", "1").matrix) == 1
    assert len(catalogue.vectors("tag_crnn", "1").matrix) == 1


def test_audio_that_is_new_must_say_how_long_it_is(catalogue):
    with pytest.raises(ValueError, match="duration"):
        catalogue.add_sound([Sound("a", analysis=ANALYSIS)])


class TestRecordings:
    """Audio and the recordings that sets play."""

    @pytest.fixture
    def played(self, catalogue, heard):
        catalogue.add_tracklists([heard("1", "Mara Vale - Night Bus [Dock]", "Bo - Two")])
        return recording(catalogue)

    def test_audio_is_heard_for_the_recording_that_is_played(self, catalogue, played):
        before = catalogue.stats()
        catalogue.add_sound([piece("a", Track("MARA VALE", "Night bus", label="Other"))])

        assert catalogue.stats() == replace(before, analysed=1)
        assert catalogue.sound([played]) == {played: ANALYSIS}
        assert catalogue.track(played).label == "Dock"

    def test_audio_nobody_played_becomes_a_recording_that_can_be_found(self, catalogue):
        assert catalogue.search("night bus") == []
        catalogue.add_sound([piece("a", NIGHT_BUS)])

        (hit,) = catalogue.search("night bus")
        assert (hit.track, hit.sets) == (NIGHT_BUS, 0)

    def test_a_set_that_plays_it_later_describes_it(self, catalogue, heard):
        catalogue.add_sound([piece("a", NIGHT_BUS)])
        catalogue.add_tracklists([heard("1", "Mara Vale - Night Bus [Dock]")])

        (hit,) = catalogue.search("night bus")
        assert (hit.track.label, hit.sets) == ("Dock", 1)
        assert catalogue.sound([hit.recording_id]) == {hit.recording_id: ANALYSIS}

    def test_audio_without_a_name_is_no_recording(self, catalogue):
        catalogue.add_sound([piece("a")])
        assert catalogue.stats().recordings == 0
        assert catalogue.stats().analysed == 1

    def test_a_recording_stays_while_its_audio_does(self, catalogue, played):
        catalogue.add_sound([piece("a", NIGHT_BUS)])
        catalogue.clear_source("notes")

        assert catalogue.find(NIGHT_BUS) == played
        assert catalogue.find(Track("Bo", "Two")) is None
        assert catalogue.clear_sound("file") == 1
        assert catalogue.find(NIGHT_BUS) is None
        assert catalogue.search("night bus") == []

    def test_a_recording_stays_in_the_catalogue_when_its_crate_goes(self, catalogue):
        catalogue.add_sound([piece("a", NIGHT_BUS)])
        crate = catalogue.create_crate("Friday")
        catalogue.add_to_crate(crate, recording(catalogue))
        catalogue.delete_crate(crate)
        assert catalogue.find(NIGHT_BUS) is not None

    def test_of_two_files_the_longer_speaks(self, catalogue):
        preview = replace(ANALYSIS, duration_s=30.0, bpm=64.0)
        catalogue.add_sound(
            [
                piece("a", NIGHT_BUS, duration_s=30.0, analysis=preview),
                piece("b", NIGHT_BUS, embedding=vectors(1)),
            ]
        )
        ident = recording(catalogue)
        assert catalogue.sound([ident]) == {ident: ANALYSIS}
        assert catalogue.vectors("segue", "1").recording_ids.tolist() == [ident, ident]

    def test_a_file_that_turns_out_to_be_another_track_moves_there(self, catalogue):
        catalogue.add_sound([piece("a", NIGHT_BUS)])
        other = Track("Bo", "Two")
        catalogue.add_sound([Sound("a", track=other)])

        assert catalogue.sound([recording(catalogue, other)]) != {}
        assert catalogue.find(NIGHT_BUS) is None

    def test_a_copy_without_a_name_takes_none_away(self, catalogue):
        catalogue.add_sound([piece("a", NIGHT_BUS)])
        catalogue.add_sound([piece("a", path="/usb/track01.mp3")])
        assert catalogue.sound([recording(catalogue)]) != {}


def test_a_file_whose_bytes_changed_leaves_its_former_audio(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS, path="/music/one.mp3")])
    retagged = Track("Mara Vale", "Night Bus", "Otto Lindqvist Remix")
    catalogue.add_sound([piece("b", retagged, path="/music/one.mp3")])

    assert known(catalogue, "a", "b").keys() == {"b"}
    assert catalogue.find(NIGHT_BUS) is None
    assert catalogue.stats().analysed == 1


def test_audio_that_lies_elsewhere_too_stays_when_one_file_changes(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS, path="/music/one.mp3")])
    catalogue.add_sound([Sound("a", file("a", "/usb/one.mp3"))])
    catalogue.add_sound([piece("b", path="/music/one.mp3")])
    assert known(catalogue, "a", "b").keys() == {"a", "b"}


def test_a_recording_is_played_from_a_file_that_is_still_there(catalogue, tmp_path):
    there = tmp_path / "there.mp3"
    there.touch()
    catalogue.add_sound([piece("a", NIGHT_BUS, path=tmp_path / "gone.mp3")])
    assert catalogue.audio_path(recording(catalogue)) is None

    catalogue.add_sound([Sound("a", file("a", there))])
    assert catalogue.audio_path(recording(catalogue)) == there


def test_audio_is_removed_by_where_it_came_from(catalogue):
    catalogue.add_sound([piece("a"), piece("b", NIGHT_BUS, origin="demo")])
    assert catalogue.clear_sound("demo") == 1
    assert known(catalogue, "a", "b").keys() == {"a"}
    assert catalogue.stats().recordings == 0


def test_tags_are_kept_as_the_file_said_them(catalogue):
    tags = {"artist": "Mára\x00 \ud800", "genre": "House"}
    catalogue.add_sound([piece("a", tags=tags)])
    catalogue.add_sound([Sound("a", analysis=ANALYSIS)])
    with catalogue._database.reading() as connection:
        assert json.loads(connection.scalar(text("SELECT tags FROM audio"))) == tags


def test_ids_in_a_file_become_facts_about_its_recording(catalogue):
    isrc = OutsideId("isrc", "GBAAA0000001", "file")
    for _ in range(2):
        catalogue.add_sound([piece("a", replace(NIGHT_BUS, ids=(isrc,)))])
    assert catalogue.track(recording(catalogue)).ids == (isrc,)


def test_a_file_that_failed_is_set_aside_until_it_comes_in(catalogue):
    broken = SetAside("/music/one.mp3", "it is empty")
    catalogue.add_sound([], set_aside=[broken, SetAside("/music/two.mp3", "it is silent")])
    cut = SetAside("/music/one.mp3", "it is cut off")
    catalogue.add_sound([], set_aside=[cut])
    assert {(s.where, s.reason) for s in catalogue.set_aside()} == {
        ("/music/one.mp3", "it is cut off"),
        ("/music/two.mp3", "it is silent"),
    }
    catalogue.add_sound([piece("a", path="/music/one.mp3")])
    assert [s.where for s in catalogue.set_aside()] == ["/music/two.mp3"]


def test_a_batch_that_fails_leaves_nothing(catalogue):
    with pytest.raises(ValueError, match="duration"):
        catalogue.add_sound([piece("a", NIGHT_BUS), Sound("b")])
    assert known(catalogue, "a") == {}
    assert catalogue.stats().recordings == 0


def test_more_pieces_come_in_at_once_than_one_query_takes(catalogue):
    hashes = [f"h{n}" for n in range(2100)]
    for _ in range(2):
        catalogue.add_sound([piece(h, path=f"/music/{h}.mp3") for h in hashes])
    assert catalogue.stats().analysed == 2100
    assert known(catalogue, *hashes).keys() == set(hashes)
    assert catalogue.vectors("segue", "1").matrix.shape == (2100, 8)


def test_the_isrc_in_a_files_tags_is_an_id_of_its_recording(catalogue):
    catalogue.add_sound([piece("a", NIGHT_BUS)])
    # Tags without artist and title name no track.
    for _ in range(2):
        catalogue.add_sound(
            [piece("a", tags={"isrc": "GBAYD1300049"}), piece("b", tags={"isrc": "X"})]
        )

    ident = recording(catalogue)
    assert catalogue.track(ident).ids == (OutsideId("isrc", "GBAYD1300049", "file"),)
    assert catalogue.find_outside("isrc", "X") == []


def test_whatever_is_heard_anew_counts_as_a_change(catalogue):
    before = catalogue.changes()
    catalogue.add_sound([])
    assert catalogue.changes() == before
    heard = Sound("hash", track=Track("Mara Vale", "Night Bus"), duration_s=200.0)
    catalogue.add_sound([heard])
    once = catalogue.changes()
    catalogue.add_sound([heard])
    again = catalogue.changes()
    catalogue.clear_sound("file")
    assert before < once < again < catalogue.changes()
