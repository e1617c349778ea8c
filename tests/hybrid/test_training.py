from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from data.catalogue import Sound
from data.errors import SegueError
from data.records import Embedding
from data.settings import Settings
from hybrid import training, tuned
from hybrid.corpus import interactions_of
from hybrid.recommender import Recommender
from hybrid.sound_space import SoundSpace
from hybrid.training import KIND, Model, load, map_of, train, weights_in_force
from hybrid.tuned import Tuned, shipped
from models import artefacts
from models.collaborative import AlsParameters, JointALS
from tests.hybrid.small import QUICK, heard
from tests.models.collaborative.invented import interactions

FIRST = [
    heard("1", "Mara Vale - One [Quay]", "Otto Lind - Two", "Fjord - Three [Salt]"),
    heard("2", "Mara Vale - One [Quay]", "Otto Lind - Two", "Velour - Four", "Hexa - Five"),
    heard("3", "Hexa - Five", "Hexa - Six [Quay]", "Fjord - Three [Salt]"),
]
LATER = [
    heard("4", "Aster - Nine [Brink]", "Mara Vale - One [Quay]", "Aster - Ten", source="later"),
    heard("5", "Aster - Nine [Brink]", "Hexa - Six [Quay]", source="later"),
]


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def crate(catalogue):
    catalogue.add_tracklists(FIRST)
    return catalogue


def model(catalogue, settings, sound=None) -> Model:
    snapshot = catalogue.snapshot()
    return load(settings, snapshot, interactions_of(snapshot), sound)


def loaded(catalogue, settings) -> JointALS | None:
    return model(catalogue, settings).als


def factors(catalogue, settings) -> dict[str, list[float]]:
    """Factors by recording key, artist and label."""
    snapshot, als = catalogue.snapshot(), loaded(catalogue, settings)
    assert als is not None
    named = [
        *snapshot.recording_keys,
        *(f"artist {n}" for n in snapshot.artist_names),
        *(f"label {n}" for n in snapshot.label_keys),
    ]
    return dict(zip(named, als.factors.tolist(), strict=True))


def test_training_leaves_a_current_model_and_tells_about_it(crate, settings):
    report = train(crate, settings, parameters=QUICK)
    assert (report.sets, report.near_duplicates) == (3, 0)
    assert (report.recordings, report.artists, report.labels) == (6, 5, 2)
    assert report.version == artefacts.current_version(settings.models_dir, KIND)
    assert 0 < report.fit_seconds <= report.seconds
    assert json.loads(json.dumps(report.as_dict()))["folder"] == report.folder


def test_the_card_says_from_which_data_and_with_which_parameters(crate, settings):
    train(crate, settings, parameters=QUICK)
    card = artefacts.load(settings.models_dir, KIND).card
    assert card["fingerprint"] == crate.fingerprint()
    assert AlsParameters(**card["parameters"]) == QUICK
    assert card["metrics"]["sets"] == 3
    assert card["metrics"]["plays"] == 10


def test_unless_told_otherwise_the_tuned_parameters_are_used(crate, settings):
    train(crate, settings)
    card = artefacts.load(settings.models_dir, KIND).card
    assert AlsParameters(**card["parameters"]) == tuned.als_parameters()


def test_near_duplicate_sets_are_left_out_and_counted(crate, settings):
    copy = ("Mara Vale - One", "Otto Lind - Two", "Fjord - Three")
    crate.add_tracklists([heard("copy", *copy, source="mirror"), heard("repeat", *copy)])
    report = train(crate, settings, parameters=QUICK)
    assert (report.sets, report.near_duplicates) == (3, 2)


def test_sets_too_short_to_teach_anything_are_not_called_near_duplicates(crate, settings):
    crate.add_tracklists([heard("single", "Velour - Alone"), heard("empty", "?")])
    report = train(crate, settings, parameters=QUICK)
    assert (report.sets, report.near_duplicates) == (3, 0)


def test_a_copy_of_a_set_changes_no_factor(crate, settings):
    train(crate, settings, parameters=QUICK)
    before = factors(crate, settings)
    crate.add_tracklists([heard("copy", "Mara Vale - One", "Otto Lind - Two", "Fjord - Three")])
    train(crate, settings, parameters=QUICK)
    assert factors(crate, settings) == before


def test_progress_is_told(crate, settings):
    told = []
    train(crate, settings, parameters=QUICK, progress=lambda *step: told.append(step))
    assert told == [(n, QUICK.iterations) for n in range(1, QUICK.iterations + 1)]


@pytest.mark.parametrize(
    "sets",
    [[], [heard("1", "?", "...")], [heard("1", "Mara Vale - One"), heard("2", "Otto Lind - Two")]],
    ids=["no sets", "nothing identified", "one track a set"],
)
def test_where_there_is_nothing_to_learn_from_a_sentence_says_what_to_do(catalogue, settings, sets):
    catalogue.add_tracklists(sets)
    with pytest.raises(SegueError, match=r"no DJ sets to learn from yet.*segue demo"):
        train(catalogue, settings)
    assert artefacts.current_version(settings.models_dir, KIND) is None


def fails(*_, **__):
    raise RuntimeError("boom")


@pytest.mark.parametrize("broken", ["fit", "save", "progress"])
def test_if_training_fails_the_model_before_stays_in_use(crate, settings, monkeypatch, broken):
    version = train(crate, settings, parameters=QUICK).version
    before = factors(crate, settings)
    with monkeypatch.context() as patch:
        if broken == "fit":
            patch.setattr(training.JointALS, "fit", fails)
        elif broken == "save":
            patch.setattr(artefacts, "save_file", fails)
        with pytest.raises(RuntimeError, match="boom"):
            train(
                crate, settings, parameters=QUICK, progress=fails if broken == "progress" else None
            )
    assert artefacts.current_version(settings.models_dir, KIND) == version
    assert factors(crate, settings) == before
    Recommender.open(crate, settings)


def test_if_the_catalogue_was_emptied_the_model_before_stays(crate, settings):
    version = train(crate, settings, parameters=QUICK).version
    crate.clear_source("notes")
    with pytest.raises(SegueError):
        train(crate, settings)
    assert artefacts.current_version(settings.models_dir, KIND) == version


def test_training_twice_on_the_same_sets_gives_the_same_factors(crate, settings):
    train(crate, settings, parameters=QUICK)
    before = factors(crate, settings)
    train(crate, settings, parameters=QUICK)
    assert factors(crate, settings) == before


def test_training_changes_nothing_in_the_catalogue(crate, settings):
    before = crate.fingerprint(), crate.stats()
    train(crate, settings, parameters=QUICK)
    assert (crate.fingerprint(), crate.stats()) == before


def test_where_nothing_was_trained_there_is_nothing_to_load(crate, settings):
    found = model(crate, settings)
    assert found.als is None
    assert found.sound_map is None
    assert found.version == ""
    assert found.tuned == shipped()


def test_a_loaded_model_is_the_one_that_was_fitted(crate, settings):
    train(crate, settings, parameters=QUICK)
    fitted = JointALS(QUICK).fit(interactions_of(crate.snapshot()))
    np.testing.assert_allclose(loaded(crate, settings).factors, fitted.factors, rtol=1e-6)
    np.testing.assert_allclose(loaded(crate, settings).confidence, fitted.confidence, rtol=1e-6)


def test_what_was_imported_after_training_is_unknown_to_the_model_and_the_rest_stays(
    crate, settings
):
    train(crate, settings, parameters=QUICK)
    before = factors(crate, settings)
    crate.add_tracklists(LATER)
    after = factors(crate, settings)
    assert len(after) > len(before)
    for name, values in after.items():
        assert values == before.get(name, [0.0] * QUICK.factors), name
    assert any(any(values) for values in after.values())


def test_what_was_removed_after_training_is_left_out_and_the_rest_stays(crate, settings):
    crate.add_tracklists(LATER)
    train(crate, settings, parameters=QUICK)
    before = factors(crate, settings)
    crate.clear_source("later")
    after = factors(crate, settings)
    assert 0 < len(after) < len(before)
    assert all(before[name] == values for name, values in after.items())


def test_a_source_that_is_removed_and_imported_again_is_known_again(crate, settings):
    train(crate, settings, parameters=QUICK)
    before = factors(crate, settings)
    crate.clear_source("notes")
    crate.add_tracklists(reversed(FIRST))
    assert factors(crate, settings) == before


def test_a_model_of_a_catalogue_that_was_emptied_still_loads(crate, settings):
    train(crate, settings, parameters=QUICK)
    crate.clear_source("notes")
    assert loaded(crate, settings).recordings.shape == (0, QUICK.factors)


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card["parameters"].update(of_the_future=1),
        lambda card: card["parameters"].update(with_artists=True),  # as an earlier Segue wrote
        lambda card: card.update(parameters=None),
        lambda card: card.pop("parameters"),
    ],
    ids=["unknown", "of the past", "null", "missing"],
)
def test_a_model_with_parameters_this_segue_does_not_know_is_refused_with_what_to_do(
    crate, settings, change
):
    folder = settings.models_dir / KIND / train(crate, settings, parameters=QUICK).version
    card = json.loads((folder / "card.json").read_text())
    change(card)
    (folder / "card.json").write_text(json.dumps(card))
    with pytest.raises(SegueError, match=r"does not know\. Run `segue train`"):
        loaded(crate, settings)


ARRAYS = ("confidence", "factors", "recording_keys", "artist_names", "label_keys")


def test_the_model_holds_the_names_of_its_rows(crate, settings):
    train(crate, settings, parameters=QUICK)
    arrays = artefacts.load(settings.models_dir, KIND).arrays
    assert set(arrays) == set(ARRAYS)
    snapshot = crate.snapshot()
    names = [artefacts.unpack_strings(arrays[name]) for name in ARRAYS[2:]]
    assert names == [
        snapshot.recording_keys.tolist(),
        snapshot.artist_names.tolist(),
        snapshot.label_keys.tolist(),
    ]
    assert len(arrays["factors"]) == len(arrays["confidence"]) == sum(map(len, names))


@pytest.mark.parametrize("name", ARRAYS)
def test_a_model_that_lacks_an_array_is_refused_with_what_to_do(crate, settings, name):
    train(crate, settings, parameters=QUICK)
    whole = artefacts.load(settings.models_dir, KIND)
    artefacts.save(
        settings.models_dir,
        KIND,
        {key: values for key, values in whole.arrays.items() if key != name},
        parameters=QUICK.as_dict(),
        fingerprint="",
        metrics={},
    )
    with pytest.raises(SegueError, match=rf"lacks {name}\. Run `segue train`"):
        loaded(crate, settings)
    with pytest.raises(SegueError, match="segue train"):
        Recommender.open(crate, settings)


class TestWeights:
    """Which weights are in force, and for how long."""

    OWN = replace(shipped().scaled(prior=0.5), source="catalogue")

    def test_the_shipped_ones_are_stored_with_the_model(self, crate, settings):
        assert train(crate, settings, parameters=QUICK).weights == "shipped"
        card = artefacts.load(settings.models_dir, KIND).card
        assert Tuned.from_dict(card["weights"]) == shipped()

    def test_the_catalogues_own_stay_in_force_until_others_are_given(self, crate, settings):
        assert train(crate, settings, parameters=QUICK, weights=self.OWN).weights == "catalogue"
        train(crate, settings, parameters=QUICK)
        assert model(crate, settings).tuned == self.OWN
        assert weights_in_force(settings) == self.OWN
        train(crate, settings, parameters=QUICK, weights=shipped())
        assert model(crate, settings).tuned == shipped()

    def test_an_old_model_with_older_shipped_weights_takes_those_that_ship_now(
        self, crate, settings
    ):
        train(crate, settings, parameters=QUICK, weights=shipped().scaled(prior=0.5))
        assert model(crate, settings).tuned == shipped()

    def test_a_model_from_before_there_were_weights_takes_those_that_ship(self, crate, settings):
        self.rewrite(crate, settings, lambda card: card.pop("weights"))
        assert model(crate, settings).tuned == shipped()

    def test_own_weights_that_cannot_be_read_are_refused_with_what_to_do(self, crate, settings):
        def spoil(card):
            card["weights"]["lenses"].pop("next")

        self.rewrite(crate, settings, spoil, self.OWN)
        with pytest.raises(SegueError, match="segue train --shipped"):
            model(crate, settings)
        train(crate, settings, parameters=QUICK, weights=shipped())
        assert model(crate, settings).tuned == shipped()

    def rewrite(self, crate, settings, change, weights=None):
        report = train(crate, settings, parameters=QUICK, weights=weights)
        path = settings.models_dir / KIND / report.version / "card.json"
        card = json.loads(path.read_text())
        change(card)
        path.write_text(json.dumps(card))


class TestSoundMap:
    """Where sets would put a track, learned from those that have both."""

    @pytest.fixture
    def vectors(self, catalogue):
        """Two kinds of music that sound different and are never in one set."""
        rng = np.random.default_rng(2)
        for number in range(40):
            rows = [
                f"Artist {number % 2} of {a} - Track {t}"
                for a, t in zip(rng.permutation(15)[:6], rng.integers(0, 3, 6), strict=True)
            ]
            catalogue.add_tracklists([heard(str(number), *rows)])
        snapshot = catalogue.snapshot()
        kind = np.array([int(name.split()[1]) for name in snapshot.artists])
        return (rng.normal(size=(len(kind), 8)) + 3 * np.eye(8)[kind]).astype(np.float32)

    @pytest.fixture
    def heard(self, vectors, monkeypatch):
        """All of it was heard."""
        rows = np.arange(len(vectors))
        space = SoundSpace.of(rows, vectors, len(rows), encoder="ear", version="1")
        monkeypatch.setattr(SoundSpace, "open", lambda *_, **__: space)
        return space

    def test_it_is_learned_and_stored_with_the_model(self, catalogue, settings, heard):
        report = train(catalogue, settings, parameters=QUICK)
        kept = model(catalogue, settings, heard).sound_map
        assert kept.quality == report.sound_map > 0.2
        assert (kept.encoder, kept.version) == ("ear", "1")
        snapshot = catalogue.snapshot()
        world = interactions_of(snapshot)
        again = map_of(heard, model(catalogue, settings).als, world)
        np.testing.assert_allclose(again.weights, kept.weights, rtol=1e-3, atol=1e-5)

    @pytest.mark.parametrize("names", [("ear", "2"), ("nose", "1")])
    def test_it_is_left_out_where_the_vectors_are_of_another_encoder(
        self, catalogue, settings, heard, names
    ):
        train(catalogue, settings, parameters=QUICK)
        assert model(catalogue, settings).sound_map is None
        other = SoundSpace.of(
            np.array([0]), np.ones((1, 8), np.float32), 45, encoder=names[0], version=names[1]
        )
        assert model(catalogue, settings, other).sound_map is None

    def test_what_only_previews_were_heard_of_teaches_nothing(self, catalogue, settings, vectors):
        tracks = list(catalogue.tracks(catalogue.snapshot().recording_ids).values())
        files = 55
        catalogue.add_sound(
            Sound(
                f"{number}" if number < files else f"preview:deezer:{number}",
                track=track,
                duration_s=30.0,
                origin="file" if number < files else "preview",
                embedding=Embedding("ear", "1", vector, vectors[:0], np.zeros(0), 5.0),
            )
            for number, (track, vector) in enumerate(zip(tracks, vectors, strict=True))
        )
        assert len(tracks) > files
        assert train(catalogue, settings, parameters=QUICK).sound_map is not None
        card = artefacts.load(settings.models_dir, KIND).card
        assert card["sound_map"]["recordings"] == files
        catalogue.clear_sound("file")
        assert train(catalogue, settings, parameters=QUICK).sound_map is None

    def test_without_sound_there_is_none(self, crate, settings):
        assert train(crate, settings, parameters=QUICK).sound_map is None
        assert "map_weights" not in artefacts.load(settings.models_dir, KIND).arrays

    def test_recordings_that_no_set_holds_teach_nothing(self):
        world = interactions([[0, 1]], 100)
        als = JointALS(QUICK).fit(world)
        vectors = np.random.default_rng(0).normal(size=(98, 4)).astype(np.float32)
        assert map_of(SoundSpace.of(np.arange(2, 100), vectors, 100), als, world) is None
