"""``segue scrape mixesdb``, against a wiki on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from tests.peers.invented_wiki import CATEGORY, invented_pages
from tests.peers.mediawiki import Fault, MediaWikiPeer

AT_ONCE = {
    "SEGUE_MIXESDB_DELAY": "0",
    "SEGUE_HTTP_DELAY": "0",
    "SEGUE_HTTP_RETRIES": "0",
}


@pytest.fixture
def wiki() -> Iterator[MediaWikiPeer]:
    with MediaWikiPeer(invented_pages(12), robots=404) as peer:
        yield peer


def scrape(peer_url: str, *args: str) -> Any:
    command = ["scrape", "mixesdb", "--category", CATEGORY, "--api-url", peer_url, *args]
    return CliRunner().invoke(app, command, env=AT_ONCE)


def sets() -> int:
    return json.loads(CliRunner().invoke(app, ["stats", "--json"]).stdout)["sets"]


def test_it_tells_what_it_read_and_what_it_set_aside(wiki: MediaWikiPeer) -> None:
    result = scrape(wiki.api_url, "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert summary["sets"] == sets() > 0
    assert summary["pages"] == summary["sets"] + len(summary["set_aside"])
    assert summary["plays"] > 0
    assert all(entry.keys() == {"file", "reason"} for entry in summary["set_aside"])


def test_a_limit_is_kept_and_people_are_told_in_words(wiki: MediaWikiPeer) -> None:
    result = scrape(wiki.api_url, "--limit", "3")
    assert result.exit_code == 0
    assert result.stdout.startswith("Read 3 pages: ")
    assert sets() <= 3


def test_a_date_that_is_none_is_one_sentence(wiki: MediaWikiPeer) -> None:
    result = scrape(wiki.api_url, "--since", "yesterday")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "yesterday" in result.stderr


def test_a_site_that_refuses_is_reported_as_blocked_and_nothing_is_stored() -> None:
    pages = invented_pages(12)
    with MediaWikiPeer(pages, robots=404, faults_from=(1, Fault("challenge"))) as wiki:
        result = scrape(wiki.api_url)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Blocked: ")
    assert "refuses automated access" in result.stderr
    assert sets() == 0


def test_nobody_at_the_address_is_one_sentence() -> None:
    # Port 9 of this machine: nothing listens there.
    result = scrape("http://127.0.0.1:9/w/api.php")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "127.0.0.1" in result.stderr


def test_it_needs_a_category() -> None:
    result = CliRunner().invoke(app, ["scrape", "mixesdb"])
    assert result.exit_code == 2
    assert "--category" in result.stderr
