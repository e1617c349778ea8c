"""Importing files: all or nothing for bad files, the rest for bad rows, the same twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import SetAside, Tracklist
from hybrid import ingest
from hybrid.ingest import import_files
from scrapers.files import open_file
from scrapers.source import Source

CSV = """set_id,date,dj,set_title,position,artist,title,label
1,2019-05-04,Ann,Old Mill,1,Bob Basalt,Undertow,Kiln
1,2019-05-04,Ann,Old Mill,2,,,
2,2019-05-05,Dee,Old Mill,1,Cid Cedar,Slow Door,
,,,,1,Cid Cedar,Slow Door,
"""
TEXT = "Ann @ Old Mill 2019-05-06\n\n1. Bob Basalt - Undertow\n...\n2. Cid Cedar - Kelp\n"
CHALLENGE = (
    "<html><head><title>x</title></head><body>you will be forwarded to the page</body></html>"
)


def write(folder: Path, **files: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name.replace("_", ".") for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text)
    return paths


def test_the_summary_counts_what_came_in(catalogue: Catalogue, tmp_path: Path) -> None:
    summary = import_files(catalogue, write(tmp_path, sets_csv=CSV, night_txt=TEXT))
    assert (summary.files, summary.sets, summary.new_sets) == (2, 3, 3)
    assert (summary.plays, summary.unknown, summary.gaps) == (4, 1, 1)
    (aside,) = summary.set_aside
    assert aside["file"] == str(tmp_path / "sets.csv")
    assert aside["reason"].startswith("line 5: the row names no set")
    stats = catalogue.stats()
    assert (stats.sets, stats.plays) == (3, 4)


def test_the_summary_is_ready_for_json(catalogue: Catalogue, tmp_path: Path) -> None:
    values = import_files(catalogue, write(tmp_path, sets_csv=CSV)).as_dict()
    assert json.loads(json.dumps(values)) == values
    assert {"files", "sets", "plays", "unknown", "set_aside"} <= set(values)
    assert [set(item) for item in values["set_aside"]] == [{"file", "reason"}]


def test_importing_again_changes_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    paths = write(tmp_path, sets_csv=CSV, night_txt=TEXT)
    import_files(catalogue, paths)
    before = (catalogue.stats(), catalogue.fingerprint(), catalogue.set_aside(10))
    again = import_files(catalogue, paths)
    assert (again.new_sets, again.changed_sets, again.unchanged_sets) == (0, 0, 3)
    assert (catalogue.stats(), catalogue.fingerprint(), catalogue.set_aside(10)) == before


def test_a_corrected_file_replaces_its_sets(catalogue: Catalogue, tmp_path: Path) -> None:
    import_files(catalogue, write(tmp_path, sets_csv=CSV))
    summary = import_files(catalogue, write(tmp_path, sets_csv=CSV.replace("Undertow", "Kelp")))
    assert (summary.new_sets, summary.changed_sets, summary.unchanged_sets) == (0, 1, 1)
    assert catalogue.stats().sets == 2


@pytest.mark.parametrize("bad", ["", "{broken", "just prose\n", "a,b,c\n1,2,3\n", "<mediawiki/>"])
def test_one_bad_file_stops_the_import_before_anything_is_written(
    catalogue: Catalogue, tmp_path: Path, bad: str
) -> None:
    paths = write(tmp_path, sets_csv=CSV, bad_txt=bad)
    for order in (paths, paths[::-1]):
        with pytest.raises(SegueError, match=r"bad\.txt"):
            import_files(catalogue, order)
        assert catalogue.is_empty()
        assert catalogue.set_aside(10) == []


def test_a_blocked_page_beside_good_files_is_set_aside(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    summary = import_files(catalogue, write(tmp_path, page_html=CHALLENGE, night_txt=TEXT))
    assert summary.sets == 1
    assert [item["reason"][:12] for item in summary.set_aside] == ["blocked page"]


def test_a_blocked_page_alone_brings_no_set(catalogue: Catalogue, tmp_path: Path) -> None:
    summary = import_files(catalogue, write(tmp_path, page_html=CHALLENGE))
    assert (summary.sets, len(summary.set_aside)) == (0, 1)
    assert catalogue.is_empty()


def test_a_folder_is_a_batch_whose_bad_files_are_set_aside(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    write(tmp_path / "crate", sets_csv=CSV, empty_txt="")
    write(tmp_path / "crate" / "deeper", night_txt=TEXT)
    summary = import_files(catalogue, [tmp_path / "crate"])
    assert (summary.files, summary.sets) == (2, 3)
    reasons = {Path(item["file"]).name: item["reason"] for item in summary.set_aside}
    assert reasons["empty.txt"].startswith("is empty")


class Stumbling:
    """A source with a fault of its own."""

    name = "stumbling"

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        yield SetAside("line 1", "the row names no set")
        raise IndexError("no such row")


def stumble_over(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    def opener(path: Path) -> Source:
        return Stumbling(path) if path.name == name else open_file(path)

    monkeypatch.setattr(ingest, "open_file", opener)


def test_a_fault_of_segue_in_one_file_of_a_folder_does_not_cost_the_others(
    catalogue: Catalogue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    write(tmp_path / "crate", a_txt=TEXT, b_csv=CSV)
    stumble_over(monkeypatch, "a.txt")
    summary = import_files(catalogue, [tmp_path / "crate"])
    assert (summary.files, summary.sets) == (1, 2)
    assert summary.set_aside[0]["reason"].startswith("could not be read: IndexError: no such row")
    assert "Traceback" in caplog.text


def test_a_fault_of_segue_in_a_file_given_by_name_is_a_sentence_and_changes_nothing(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = write(tmp_path, a_txt=TEXT, b_csv=CSV)
    stumble_over(monkeypatch, "a.txt")
    with pytest.raises(SegueError, match=r"a\.txt could not be read: IndexError.*report it"):
        import_files(catalogue, paths)
    assert catalogue.is_empty()
    assert not catalogue.set_aside()


def test_a_folder_without_files_is_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    with pytest.raises(SegueError, match="folder without files"):
        import_files(catalogue, [tmp_path / "nothing"])


def test_a_file_given_twice_is_read_once(catalogue: Catalogue, tmp_path: Path) -> None:
    (path,) = write(tmp_path, night_txt=TEXT)
    assert import_files(catalogue, [path, path, tmp_path]).files == 1


def test_different_sets_with_one_id_do_not_replace_each_other(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    paths = write(tmp_path, one_csv=CSV, two_csv=CSV.replace("Old Mill", "New Mill"))
    summary = import_files(catalogue, paths)
    assert summary.sets == 2
    clashes = [item for item in summary.set_aside if "already belongs to" in item["reason"]]
    assert {item["file"] for item in clashes} == {str(paths[1])} and len(clashes) == 2


def test_a_file_too_large_to_keep_is_read_twice_with_the_same_result(
    catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "_KEPT_SETS", 1)
    summary = import_files(catalogue, write(tmp_path, sets_csv=CSV))
    assert (summary.sets, summary.plays, len(summary.set_aside)) == (2, 2, 1)
    assert catalogue.stats().sets == 2


def test_a_file_that_holds_nothing_but_what_is_set_aside_changes_nothing(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    summary = import_files(catalogue, write(tmp_path, saved_html=CHALLENGE))
    assert (summary.files, summary.sets, len(summary.set_aside)) == (1, 0, 1)
    assert not catalogue.set_aside()


def test_progress_is_told_to_the_end(catalogue: Catalogue, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    paths = write(tmp_path, sets_csv=CSV, night_txt=TEXT)
    import_files(catalogue, paths, progress=lambda *step: told.append(step))
    assert told[0] == ("Reading", 0, 2)
    assert told[-1] == ("Importing", 3, 3)


def test_all_1400_real_pages_come_in(catalogue: Catalogue, shared: Path) -> None:
    summary = import_files(catalogue, [shared / "mixesdb" / "essential_mix_pages.json.gz"])
    assert summary.sets + len(summary.set_aside) == 1400
    assert summary.plays >= 41_500


def test_the_real_pages_of_1001tracklists_come_in_as_a_folder(
    catalogue: Catalogue, shared: Path
) -> None:
    summary = import_files(catalogue, [shared / "tracklists1001"])
    assert (summary.files, summary.sets, len(summary.set_aside)) == (12, 9, 3)
    assert summary.plays + summary.unknown == 246
