"""Pages saved as files."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from data.errors import SegueError
from data.records import Play, SetAside, Tracklist
from scrapers.mixesdb import ExportXml, PagesJson, WikitextFile, page
from scrapers.mixesdb.rows import Row, plays_of

TEXT = "== Tracklist ==\n# Vex - Amber [Quay]\n[[Category:2012]]"


def test_a_file_of_wikitext_is_named_after_its_page(tmp_path: Path) -> None:
    path = tmp_path / "2012-03-04 - Ada Lux - Night Shift.wikitext"
    path.write_text(TEXT)
    (found,) = WikitextFile(path).read()
    assert isinstance(found, Tracklist)
    assert (found.source_id, found.djs) == ("2012-03-04 - Ada Lux - Night Shift", ("Ada Lux",))


def test_an_index_beside_it_names_the_page(tmp_path: Path) -> None:
    url = "https://www.mixesdb.com/w/2012-03-04_-_Ada_%26_Bo_-_Night_Shift"
    (tmp_path / "a.wikitext").write_text(TEXT)
    (tmp_path / "INDEX.json").write_text(json.dumps({"a.wikitext": {"url": url}}))
    (found,) = WikitextFile(tmp_path / "a.wikitext").read()
    assert isinstance(found, Tracklist)
    assert (found.source_id, found.url) == ("2012-03-04 - Ada & Bo - Night Shift", url)


def test_a_collection_in_json_yields_each_page(tmp_path: Path) -> None:
    pages = {
        "/w/2012-03-04_-_Ada_Lux_-_Night_Shift": {"date": "2012-03-04", "tracklist": TEXT},
        "/w/2012-03-05_-_Bo_-_Night_Shift": {"tracklist": "{{Repeat|Original=X}}"},
        "/w/2012-03-06_-_Cy_-_Night_Shift": {"tracklist": None},
    }
    path = tmp_path / "pages.json.gz"
    path.write_bytes(gzip.compress(json.dumps(pages).encode()))
    first, second, third = PagesJson(path).read()
    assert isinstance(first, Tracklist)
    assert first.source_id == "2012-03-04 - Ada Lux - Night Shift"
    assert second == SetAside("2012-03-05 - Bo - Night Shift", "a repeat of X")
    assert isinstance(third, SetAside)
    assert third.reason == "the page has no text"


@pytest.mark.parametrize("content", ["[1, 2]", '{"a": '])
def test_json_that_is_no_collection_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pages.json"
    path.write_text(content)
    with pytest.raises(SegueError, match=r"pages\.json"):
        list(PagesJson(path).read())


EXPORT = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">
  <siteinfo><sitename>MixesDB</sitename></siteinfo>
  <page><title>2012-03-04 - Ada &amp; Bo - Night Shift</title><ns>0</ns><id>1</id>
    <revision><id>9</id><comment>x</comment><text xml:space="preserve">old</text></revision>
    <revision><id>10</id><text xml:space="preserve">== Tracklist ==
# Vex &amp;amp; Lio - Amber [Quay]</text></revision></page>
  <page><title>Category:Ada</title><ns>14</ns><revision><text>x</text></revision></page>
  <page><title>2012-03-05 - Bo - Night Shift</title><ns>0</ns><revision><text/></revision></page>
</mediawiki>"""


@pytest.mark.parametrize("packed", [False, True])
def test_an_xml_export_yields_each_page(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "export.xml"
    path.write_bytes(gzip.compress(EXPORT.encode()) if packed else EXPORT.encode())
    first, *others = ExportXml(path).read()
    assert isinstance(first, Tracklist)
    assert str(first.plays[0].track) == "Vex & Lio - Amber"
    assert others == [
        SetAside("Category:Ada", "not a page of a set"),
        SetAside("2012-03-05 - Bo - Night Shift", "the page is empty"),
    ]


@pytest.mark.parametrize("encoding", ["nonsense-8", "utf-32", "cp037", "idna", "utf-7"])
def test_an_export_in_an_unreadable_encoding_is_refused_in_a_sentence(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "export.xml"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>\n{EXPORT}')
    with pytest.raises(SegueError, match="MediaWiki export but"):
        list(ExportXml(path).read())


def test_a_page_segue_stumbles_over_is_set_aside_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumbling(rows: Sequence[Row], **more: Any) -> tuple[Play, ...]:
        if any(row.text.startswith("Vex") for row in rows):
            raise IndexError("no such row")
        return plays_of(rows, **more)

    monkeypatch.setattr(page, "plays_of", stumbling)
    path = tmp_path / "pages.json"
    pages = {"A @ B": {"tracklist": TEXT}, "C @ D": {"tracklist": TEXT.replace("Vex", "Lio")}}
    path.write_text(json.dumps(pages))
    first, second = PagesJson(path).read()
    assert first == SetAside("A @ B", "could not be read: IndexError: no such row")
    assert isinstance(second, Tracklist)
    assert "Traceback" in caplog.text


def test_an_export_that_breaks_off_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    path.write_text(EXPORT[:300])
    with pytest.raises(SegueError, match="breaks at line"):
        list(ExportXml(path).read())
