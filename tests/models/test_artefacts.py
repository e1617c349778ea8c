from __future__ import annotations

import json
import os
import pickle
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.errors import SegueError
from models import artefacts

KIND = "als"


def save(models: Path, value: float = 1.0) -> Path:
    return artefacts.save(
        models,
        KIND,
        {"factors": np.full((3, 2), value, np.float32), "ids": np.arange(3)},
        parameters={"factors": 2},
        fingerprint="abc",
        metrics={"sets": 3},
    )


def value(models: Path) -> float:
    artefact = artefacts.load(models, KIND)
    assert artefact is not None
    return float(artefact.arrays["factors"][0, 0])


def listing(models: Path) -> set[str]:
    """Every file and folder of the kind, also hidden ones."""
    return {str(path.relative_to(models / KIND)) for path in (models / KIND).rglob("*")}


def test_where_nothing_was_trained_there_is_no_model(tmp_path):
    assert artefacts.load(tmp_path, KIND) is None
    assert artefacts.current_version(tmp_path, KIND) is None


def test_what_was_saved_is_what_is_loaded(tmp_path):
    turned = np.arange(6, dtype=np.float32).reshape(2, 3).T  # not contiguous
    before = datetime.now(UTC).replace(microsecond=0)
    folder = artefacts.save(
        tmp_path,
        KIND,
        {"turned": turned, "ids": np.array([5, 9]), "none": np.empty((0, 4), np.float32)},
        parameters={"factors": 2, "alpha": 0.5},
        fingerprint="abc",
        metrics={"sets": 3},
    )
    loaded = artefacts.load(tmp_path, KIND)
    assert loaded is not None
    np.testing.assert_array_equal(loaded.arrays["turned"], turned)
    assert loaded.arrays["ids"].dtype == np.int64
    assert loaded.arrays["none"].shape == (0, 4)
    assert loaded.folder == folder
    assert loaded.card["kind"] == KIND
    assert loaded.card["version"] == folder.name == artefacts.current_version(tmp_path, KIND)
    assert loaded.card["parameters"] == {"factors": 2, "alpha": 0.5}
    assert loaded.card["fingerprint"] == "abc"
    assert loaded.card["metrics"] == {"sets": 3}
    assert before <= datetime.fromisoformat(loaded.card["created"]) <= datetime.now(UTC)


def test_the_files_are_a_card_and_tensors_and_nothing_else(tmp_path):
    folder = save(tmp_path)
    assert {path.name for path in folder.iterdir()} == {"card.json", "arrays.safetensors"}


def test_kinds_do_not_touch_each_other(tmp_path):
    save(tmp_path)
    artefacts.save(tmp_path, "other", {"x": np.zeros(1)}, parameters={}, fingerprint="", metrics={})
    assert value(tmp_path) == 1.0


def test_the_version_before_stays_for_rollback_and_older_ones_go(tmp_path):
    first, second, third = (save(tmp_path, number) for number in (1, 2, 3))
    assert not first.exists()
    assert value(tmp_path) == 3
    (tmp_path / KIND / "current").write_text(second.name)
    assert value(tmp_path) == 2
    assert third.exists()


def test_after_a_rollback_the_version_in_use_is_the_one_that_stays(tmp_path):
    first, second = save(tmp_path, 1), save(tmp_path, 2)
    (tmp_path / KIND / "current").write_text(first.name)
    save(tmp_path, 3)
    assert first.exists()
    assert not second.exists()


def test_two_versions_of_one_moment_have_two_names(tmp_path, monkeypatch):
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 2, tzinfo=tz)

    monkeypatch.setattr(artefacts, "datetime", Stopped)
    assert save(tmp_path, 1) != save(tmp_path, 2)
    assert value(tmp_path) == 2


def fail_at(monkeypatch: pytest.MonkeyPatch, call: int, failing: Callable[[], None]) -> None:
    """Let the given call of `os.replace` fail, those before it pass."""
    calls, real = [], os.replace

    def replace(source, target):
        calls.append(target)
        if len(calls) == call:
            failing()
        real(source, target)

    monkeypatch.setattr(artefacts.os, "replace", replace)


def disk_full() -> None:
    raise OSError(28, "No space left on device")


def interrupted() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("failing", [disk_full, interrupted])
@pytest.mark.parametrize("call", [1, 2], ids=["as the folder appears", "as it becomes current"])
def test_a_failure_leaves_the_version_in_use_and_no_litter(tmp_path, monkeypatch, call, failing):
    save(tmp_path, 1)
    before = listing(tmp_path)
    with monkeypatch.context() as patch:
        fail_at(patch, call, failing)
        with pytest.raises((OSError, KeyboardInterrupt)):
            save(tmp_path, 2)
    assert value(tmp_path) == 1
    assert listing(tmp_path) == before


def test_arrays_that_cannot_be_written_leave_the_version_in_use(tmp_path, monkeypatch):
    save(tmp_path, 1)
    before = listing(tmp_path)

    def full(*_):
        disk_full()

    with monkeypatch.context() as patch:
        patch.setattr(artefacts, "save_file", full)
        with pytest.raises(OSError, match="No space left"):
            save(tmp_path, 2)
    assert listing(tmp_path) == before
    assert value(tmp_path) == 1


def killed_at(models: Path, monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """Save in a process that is killed at the given call of `os.replace`."""
    with monkeypatch.context() as patch:
        fail_at(patch, call, lambda: os._exit(9))
        child = os.fork()
        if child == 0:
            save(models, 2)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def leftovers(models: Path) -> list[Path]:
    return sorted(path for path in (models / KIND).iterdir() if path.name.startswith("."))


@pytest.mark.parametrize("call", [1, 2])
def test_after_a_kill_the_version_in_use_answers_and_a_save_next_day_cleans_up(
    tmp_path, monkeypatch, call
):
    first = save(tmp_path, 1)
    killed_at(tmp_path, monkeypatch, call)
    assert value(tmp_path) == 1
    assert leftovers(tmp_path)
    yesterday = time.time() - 25 * 3600
    for path in leftovers(tmp_path):
        os.utime(path, (yesterday, yesterday))
    third = save(tmp_path, 3)
    assert value(tmp_path) == 3
    left = {path.name for path in (tmp_path / KIND).iterdir()}
    assert left == {"current", first.name, third.name}


def test_what_a_training_that_may_still_run_has_begun_is_left_alone(tmp_path, monkeypatch):
    save(tmp_path, 1)
    killed_at(tmp_path, monkeypatch, 1)
    begun = leftovers(tmp_path)
    assert {path.is_dir() for path in begun} == {True, False}  # a version and a pointer
    held = {file: file.read_bytes() for path in begun for file in path.rglob("*")}
    save(tmp_path, 3)
    save(tmp_path, 4)
    assert leftovers(tmp_path) == begun
    assert all(file.read_bytes() == content for file, content in held.items())


def test_a_killed_training_can_be_repeated_at_once(tmp_path, monkeypatch):
    killed_at(tmp_path, monkeypatch, 2)
    assert artefacts.load(tmp_path, KIND) is None
    save(tmp_path, 3)
    assert value(tmp_path) == 3


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def remove_format(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text())
    del card["format"]
    (folder / "card.json").write_text(json.dumps(card))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "arrays cut short": lambda f: cut(f / "arrays.safetensors"),
    "arrays empty": lambda f: (f / "arrays.safetensors").write_bytes(b""),
    "arrays of noise": lambda f: (f / "arrays.safetensors").write_bytes(os.urandom(500)),
    "arrays gone": lambda f: (f / "arrays.safetensors").unlink(),
    "card cut short": lambda f: cut(f / "card.json"),
    "card gone": lambda f: (f / "card.json").unlink(),
    "card a list": lambda f: (f / "card.json").write_text("[1]"),
    "card not text": lambda f: (f / "card.json").write_bytes(b"\xff\xfe\x00"),
    "card without format": remove_format,
    "version gone": shutil.rmtree,
    "current not text": lambda f: (f.parent / "current").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damaged_files_are_reported_with_what_to_do(tmp_path, damage):
    damage(save(tmp_path))
    with pytest.raises(SegueError, match="segue train"):
        artefacts.load(tmp_path, KIND)


@pytest.mark.parametrize("make", [lambda p: p.write_bytes(b"\xff\xfe"), Path.mkdir])
def test_a_pointer_that_cannot_be_read_is_reported_by_everything_that_follows_it(tmp_path, make):
    pointer = tmp_path / KIND / "current"
    versions = {save(tmp_path).name}
    pointer.unlink()
    make(pointer)
    for ask in (artefacts.load, artefacts.current_version):
        with pytest.raises(SegueError, match=r"current cannot be read.*Remove it.*segue train"):
            ask(tmp_path, KIND)
    with pytest.raises(SegueError, match="Remove it"):
        save(tmp_path)
    assert {path.name for path in pointer.parent.iterdir()} == {"current"} | versions


def test_training_again_mends_damaged_files(tmp_path):
    shutil.rmtree(save(tmp_path, 1))
    save(tmp_path, 2)
    assert value(tmp_path) == 2


def test_files_of_another_format_are_refused_by_name(tmp_path):
    folder = save(tmp_path)
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps(card | {"format": artefacts.FORMAT + 1}))
    with pytest.raises(SegueError, match=r"another version of Segue.*segue train"):
        artefacts.load(tmp_path, KIND)


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", ["card.json", "arrays.safetensors"])
def test_pickled_content_is_refused_and_not_run(tmp_path, name):
    ran = tmp_path / "ran"
    (save(tmp_path) / name).write_bytes(pickle.dumps(Bomb(ran)))
    with pytest.raises(SegueError, match="segue train"):
        artefacts.load(tmp_path, KIND)
    assert not ran.exists()


def test_objects_cannot_be_saved_and_leave_the_version_in_use(tmp_path):
    save(tmp_path, 1)
    before = listing(tmp_path)
    objects = {"names": np.array(["a", "b"], dtype=object)}
    with pytest.raises(Exception):  # noqa: B017 - safetensors' own
        artefacts.save(tmp_path, KIND, objects, parameters={}, fingerprint="", metrics={})
    assert listing(tmp_path) == before
    assert value(tmp_path) == 1


@given(st.lists(st.text()))
@example([])
@example(["", "\x00", 'quote " and \\', "Ω 日本 🎛", "\u2028"])
def test_strings_come_back_as_they_were_packed(strings):
    packed = artefacts.pack_strings(strings)
    assert packed.dtype == np.uint8
    assert packed.ndim == 1
    assert artefacts.unpack_strings(packed) == strings


def test_packed_strings_travel_through_a_file(tmp_path):
    names = ["Ångström", "", "日本"]
    artefacts.save(
        tmp_path,
        KIND,
        {"names": artefacts.pack_strings(names)},
        parameters={},
        fingerprint="",
        metrics={},
    )
    loaded = artefacts.load(tmp_path, KIND)
    assert loaded is not None
    assert artefacts.unpack_strings(loaded.arrays["names"]) == names
