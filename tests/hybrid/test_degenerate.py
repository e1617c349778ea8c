"""Whatever is missing (models, sets, sound, a network), there is an answer or a sentence."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np
import pytest

from data.catalogue import Catalogue, Sound
from data.records import Answer, Embedding, Track
from data.settings import Settings
from hybrid.heard import Listener
from hybrid.recommender import Recommender
from hybrid.steering import Rules
from hybrid.training import train
from tests.hybrid.ears import EAR
from tests.hybrid.measured import measured
from tests.hybrid.small import COMPANY, QUICK, heard

SCENES = {
    "night": ["Mara - One [Quay]", "Otto - Two", "Fjord - Three", "Mara - Five"],
    "day": ["Aster - Nine [Brink]", "Brim - Ten [Brink]", "Cove - Eleven"],
}
#: Three sets of each scene; what else they play is in no other, so that none is another's copy.
SETS = [
    heard(
        f"{scene} {n}",
        *rows,
        *(f"{scene}{n} - Only {place}" for place in "abcd"),
        djs=(f"DJ {scene} {n}",),
    )
    for n in range(3)
    for scene, rows in SCENES.items()
]
NIGHT, DAY = [1.0, 0.1, 0.0, 0.0], [0.0, 0.0, 1.0, 0.1]
#: What a file of ten letters sounds like to `tests.hybrid.ears`: as much of everything.
EVEN = [0.9, 1.0, 1.1, 1.0]
MOST_PLAYED = {row.split(" [")[0] for rows in SCENES.values() for row in rows}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in this file may ask anybody."""

    def refuse(*_: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def add_sound(catalogue: Catalogue, vectors: dict[str, list[float]]) -> None:
    """Let the catalogue know what tracks, given as "Artist - Title", sound like."""
    sounds = []
    for name, numbers in vectors.items():
        artist, title = name.split(" - ")
        vector = np.array(numbers, np.float32)
        sounds.append(
            Sound(
                name,
                track=Track(artist, title),
                duration_s=300.0,
                analysis=measured(4),
                embedding=Embedding("ear", "1", vector, vector[np.newaxis], np.zeros(1), 5.0),
            )
        )
    catalogue.add_sound(sounds)


@pytest.fixture
def sets(catalogue: Catalogue) -> Catalogue:
    catalogue.add_tracklists(SETS)
    return catalogue


@pytest.fixture
def audio(catalogue: Catalogue) -> Catalogue:
    """Music and no set."""
    add_sound(
        catalogue,
        {
            "Mara - One": NIGHT,
            "Otto - Two": [1.0, 0.2, 0.0, 0.0],
            "Aster - Nine": DAY,
            "Brim - Ten": [0.0, 0.0, 1.0, 0.2],
            "Even - All": EVEN,
        },
    )
    return catalogue


def opened(catalogue: Catalogue, *, model: bool = False) -> Recommender:
    if model:
        train(catalogue, Settings(), parameters=QUICK)
    return Recommender.open(catalogue, Settings())


def listener_of(catalogue: Catalogue, recommender: Recommender, threads: Executor) -> Listener:
    return Listener(
        catalogue, Settings(), recommender.resolver, recommender.sound, ear=EAR, executor=threads
    )


def names(answer: Answer) -> list[str]:
    return [str(result.track) for result in answer.results]


def whole(answer: Answer) -> None:
    """What holds of every answer, whatever is missing."""
    scores = [result.score for result in answer.results]
    assert all(0 < score <= 1 for score in scores)
    assert all(result.reason.endswith(".") for result in answer.results)
    for result in answer.results:
        assert sum(result.weights.values()) == pytest.approx(1, abs=1e-3)
        assert np.isfinite([*result.parts.values(), *result.weights.values()]).all()
    assert answer.results or answer.note


class TestAnEmptyCatalogue:
    @pytest.mark.parametrize("seeds", [["Mara - One"], [1], ["zzzz", "Mara"], [""]])
    @pytest.mark.parametrize("lens", ["goes_with", "next"])
    def test_it_says_how_to_fill_it(self, catalogue, seeds, lens):
        answer = opened(catalogue).recommend(seeds, lens=lens)
        assert answer.results == ()
        assert answer.note.startswith("The catalogue is empty")
        assert {seed.rung for seed in answer.seeds} == {"none"}

    def test_a_file_is_heard_and_there_is_nothing_to_compare_it_with(
        self, catalogue, threads, tmp_path
    ):
        file = tmp_path / "x.mp3"
        file.write_text("ten bytes.")
        recommender = opened(catalogue)
        seed = listener_of(catalogue, recommender, threads).hear(file)
        answer = recommender.recommend([seed])
        assert (answer.seeds[0].rung, answer.results) == ("sound", ())
        assert answer.note.startswith("The catalogue is empty")

    def test_without_seeds_nothing_is_said(self, catalogue):
        assert opened(catalogue).recommend([]) == Answer((), ())


class TestSetsWithoutAudio:
    @pytest.mark.parametrize("model", [False, True])
    def test_sets_answer(self, sets, model):
        recommender = opened(sets, model=model)
        answer = recommender.recommend(["Mara - One"])
        whole(answer)
        assert names(answer)[0] == "Otto - Two"
        first = answer.results[0]
        assert first.evidence.sets_together == 3
        assert first.weights["sound"] == 0
        assert first.reason.startswith("Played by ")
        assert ("segue train" in answer.note) != model
        alone = recommender.recommend(["Mara - One"], balance=0)
        assert {result.rung for result in alone.results} == {"sets"}

    def test_what_is_played_next_is_known_without_a_model(self, sets):
        answer = opened(sets).recommend(["Mara - One"], lens="next")
        whole(answer)
        assert names(answer)[0] == "Otto - Two"
        assert answer.results[0].rung == "next"

    @pytest.mark.parametrize("model", [False, True])
    def test_sound_alone_has_nothing_to_say_and_says_so(self, sets, model):
        answer = opened(sets, model=model).recommend(["Mara - One"], balance=1)
        assert answer.results == ()
        assert "segue analyse" in answer.note

    def test_a_file_that_only_its_sound_is_known_of_is_told_what_is_missing(
        self, sets, threads, tmp_path
    ):
        file = tmp_path / "track 03.mp3"
        file.write_text("ten bytes.")
        recommender = opened(sets, model=True)
        seed = listener_of(sets, recommender, threads).hear(file)
        answer = recommender.recommend([seed])
        assert answer.seeds[0].rung == "sound"
        assert "segue analyse" in answer.note

    def test_a_file_with_a_name_is_answered_by_its_name(self, sets, threads, tmp_path):
        file = tmp_path / "Mara - One.mp3"
        file.write_text("ten bytes.")
        recommender = opened(sets)
        seed = listener_of(sets, recommender, threads).hear(file)
        assert seed.rung == "recording"
        answer = recommender.recommend([seed])
        assert names(answer) == names(recommender.recommend(["Mara - One"]))


class TestAudioWithoutSets:
    def test_sound_answers(self, audio):
        answer = opened(audio).recommend(["Mara - One"])
        whole(answer)
        assert names(answer)[0] == "Otto - Two"
        first = answer.results[0]
        assert (first.rung, first.sets) == ("sound", 0)
        assert first.weights["sets"] == first.weights["next"] == 0
        assert first.sound is not None
        assert "segue train" not in answer.note

    def test_sets_alone_have_nothing_to_say_and_say_so(self, audio):
        for lens in ("goes_with", "next"):
            answer = opened(audio).recommend(["Mara - One"], balance=0, lens=lens)
            assert answer.results == ()
            assert "move the slider towards the sound" in answer.note

    def test_what_is_played_next_falls_back_on_sound(self, audio):
        answer = opened(audio).recommend(["Mara - One"], lens="next")
        whole(answer)
        assert (names(answer)[0], answer.results[0].rung) == ("Otto - Two", "sound")

    def test_an_unknown_track_is_told_what_there_is(self, audio):
        answer = opened(audio).recommend(["Nobody - Nine"])
        assert answer.seeds[0].rung == "none"
        assert "did you mean “Aster - Nine”" in answer.note


class TestOneTrack:
    def test_of_one_set(self, catalogue):
        catalogue.add_tracklists([heard("1", "Mara - One")])
        answer = opened(catalogue).recommend(["Mara - One"])
        assert answer.seeds[0].rung == "recording"
        assert answer.results == ()
        assert answer.note

    def test_of_one_file(self, catalogue):
        add_sound(catalogue, {"Mara - One": NIGHT})
        for balance in (0, 0.5, 1):
            answer = opened(catalogue).recommend(["Mara - One"], balance=balance)
            assert answer.results == ()
            assert answer.note

    def test_another_is_asked_for(self, catalogue):
        catalogue.add_tracklists([heard("1", "Mara - One")])
        answer = opened(catalogue).recommend(["Nobody - One"])
        assert answer.seeds[0].rung == "none"
        assert "did you mean “Mara - One”?" in answer.note


class TestHowMuchIsKnownOfTheSeed:
    """Sets, sound and a trained model are there; each seed is known by less than the last."""

    @pytest.fixture
    def both(self, sets) -> Catalogue:
        add_sound(
            sets,
            {
                "Mara - One": NIGHT,
                "Otto - Two": NIGHT,
                "Aster - Nine": DAY,
                "Brim - Ten": DAY,
                "Even - All": EVEN,  # in no set
                "Odd - None": [1.0, -1.0, 1.0, -1.0],
            },
        )
        return sets

    @pytest.fixture
    def recommender(self, both) -> Recommender:
        train(both, Settings(), parameters=QUICK)
        return Recommender.open(both, Settings(), COMPANY)

    def test_only_its_artist(self, recommender):
        answer = recommender.recommend(["Mara - Unheard"], rules=Rules(spread_artists=False))
        whole(answer)
        assert answer.seeds[0].rung == "artist"
        first = answer.results[:2]
        assert {str(result.track) for result in first} == {"Mara - One", "Mara - Five"}
        assert {result.rung for result in first} == {"artist"}
        assert all(result.reason.startswith("Same artist, Mara") for result in first)

    def test_only_its_remixer(self, recommender):
        answer = recommender.recommend(["Nobody - Unheard (Mara Remix)"])
        assert answer.seeds[0].rung == "artist"
        assert names(answer)[0].startswith("Mara - ")

    def test_only_its_label(self, recommender):
        answer = recommender.recommend(["Nobody - Unheard [Brink]"])
        whole(answer)
        assert answer.seeds[0].rung == "label"
        first = answer.results[:2]
        assert {str(result.track) for result in first} == {"Aster - Nine", "Brim - Ten"}
        assert {result.rung for result in first} == {"label"}
        assert all(result.reason.startswith("Same label, Brink") for result in first)

    @pytest.mark.parametrize("lens", ["goes_with", "next"])
    def test_only_its_sound(self, both, recommender, threads, tmp_path, lens):
        file = tmp_path / "track 03.mp3"
        file.write_text("ten bytes.")
        with listener_of(both, recommender, threads) as listener:
            seed = listener.hear(file)
        answer = recommender.recommend([seed], lens=lens, heard=listener.embeddings)
        whole(answer)
        assert answer.seeds[0].rung == "sound"
        assert answer.note == ""
        first = answer.results[0]
        assert (str(first.track), first.rung) == ("Even - All", "sound")
        assert first.reason.startswith("Sounds like it at 0:00")
        assert first.sound is not None
        assert "track 03" in first.sound.seed

    @pytest.mark.parametrize("lens", ["goes_with", "next"])
    def test_what_sounds_alike_comes_before_what_is_only_played_much(
        self, catalogue, threads, tmp_path, lens
    ):
        """With the weights that ship, in a catalogue of which little was heard."""
        catalogue.add_tracklists(
            heard(
                f"{n}",
                *(f"Hit {place} - Everywhere" for place in range(5)),
                *(f"Rare {n} - Only {place}" for place in range(8)),
                date=f"2024-{1 + n % 12:02}-01",
            )
            for n in range(24)
        )
        alike, other = "Rare 3 - Only 2", "Rare 9 - Only 4"
        add_sound(catalogue, {alike: EVEN, other: [1.0, -1.0, 1.0, -1.0]})
        recommender = opened(catalogue, model=True)
        file = tmp_path / "track 03.mp3"
        file.write_text("ten bytes.")
        with listener_of(catalogue, recommender, threads) as listener:
            answer = recommender.recommend([listener.hear(file)], lens=lens)
        whole(answer)
        assert (names(answer)[0], answer.results[0].rung) == (alike, "sound")

    def test_its_artist_and_its_sound(self, both, recommender, threads, tmp_path):
        file = tmp_path / "Mara - Unheard.mp3"
        file.write_text("ten bytes.")
        with listener_of(both, recommender, threads) as listener:
            seed = listener.hear(file)
        answer = recommender.recommend([seed])
        assert answer.seeds[0].rung == "artist"
        assert {"artist", "sound"} <= {result.rung for result in answer.results}

    def test_nothing(self, recommender):
        answer = recommender.recommend(["Nobody - Nine"])
        whole(answer)
        assert answer.seeds[0].rung == "none"
        assert answer.note.startswith("Nothing is known of “Nobody - Nine”; did you mean “Aster")
        assert set(names(answer)[: len(MOST_PLAYED)]) == MOST_PLAYED
        assert {result.rung for result in answer.results} == {"popularity"}
        assert all("othing is known of your seeds" in result.reason for result in answer.results)

    def test_nothing_and_nothing_is_near(self, recommender):
        answer = recommender.recommend(["zzzz qqqq"])
        whole(answer)
        assert answer.seeds[0].near == ()
        assert "check the spelling" in answer.note
        assert answer.results

    def test_a_link_that_no_source_has_brought(self, recommender):
        answer = recommender.recommend(["spotify:track:4uLU6hMCjMI75M1A2tKUQC"])
        whole(answer)
        assert answer.note == ("Segue does not know this Spotify link yet; type artist and title.")

    def test_under_next_an_unknown_last_track_is_not_the_end(self, recommender):
        answer = recommender.recommend(["Mara - One", "Nobody - Nine"], lens="next")
        whole(answer)
        assert answer.results


def test_a_model_that_is_older_than_the_catalogue_still_answers(catalogue):
    catalogue.add_tracklists(SETS[::2])
    train(catalogue, Settings(), parameters=QUICK)
    catalogue.add_tracklists(SETS[1::2])
    add_sound(catalogue, {"Cove - Eleven": DAY, "Even - All": DAY})
    recommender = Recommender.open(catalogue, Settings())
    answer = recommender.recommend(["Cove - Eleven"])
    whole(answer)
    assert {"Aster - Nine", "Even - All"} <= set(names(answer))


def test_a_catalogue_that_lost_its_sets_after_training_is_answered_by_what_is_left(sets):
    train(sets, Settings(), parameters=QUICK)
    add_sound(sets, {"Mara - One": NIGHT, "Otto - Two": NIGHT, "Aster - Nine": DAY})
    sets.clear_source("notes")
    answer = Recommender.open(sets, Settings()).recommend(["Mara - One"])
    whole(answer)
    # Nobody shares its sound more; of the artists that were played with it the model still knows.
    assert names(answer)[0] == "Otto - Two"
    assert answer.results[0].parts["sound"] > 0
