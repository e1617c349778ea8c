"""Walking a MixesDB category through the MediaWiki API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from data.errors import SegueError
from data.settings import Settings
from scrapers.http import Clock, PoliteSession
from scrapers.mixesdb.api import (
    Batch,
    ContinuationExpired,
    newest_date,
    pages_done,
    walk_category,
)
from tests.peers.invented_wiki import CATEGORY, Page, invented_pages
from tests.peers.mediawiki import Fault, MediaWikiPeer


@pytest.fixture
def session() -> Iterator[PoliteSession]:
    settings = Settings(mixesdb_delay=0, http_delay=0, http_retries=2)
    with PoliteSession(settings, clock=Clock(sleep=lambda _: None)) as opened:
        yield opened


@pytest.fixture
def wiki() -> Iterator[MediaWikiPeer]:
    with MediaWikiPeer(invented_pages(30)) as peer:
        yield peer


def walk(
    session: PoliteSession, peer: MediaWikiPeer, name: str = CATEGORY, **asked: Any
) -> list[Batch]:
    return list(walk_category(session, peer.api_url, name, **asked))


def titles(batches: list[Batch]) -> list[str]:
    return [page.title for batch in batches for page in batch.pages]


LAST_KEY = "\uffff"


def page(number: int, title: str, sort_key: str = "") -> Page:
    key = f"|{sort_key}" if sort_key else ""
    return Page(number, title, f"# A - B\n[[Category:X{key}]]")


class TestContinuation:
    def test_every_set_page_comes_once_with_its_whole_text(
        self, session: PoliteSession, wiki: MediaWikiPeer
    ) -> None:
        batches = walk(session, wiki)
        expected = {p.title: p.wikitext for p in wiki.wiki.pages if p.ns == 0}
        assert len(titles(batches)) == len(expected)
        assert {p.title: p.wikitext for b in batches for p in b.pages} == expected

    def test_texts_that_come_in_several_answers_make_one_batch(
        self, session: PoliteSession, wiki: MediaWikiPeer
    ) -> None:
        assert [len(b.pages) for b in walk(session, wiki)] == [7, 7, 7, 7, 3]
        assert len(wiki.api_requests) == 9
        assert sum("rvcontinue" in seen.query for seen in wiki.api_requests) == 4

    def test_the_last_batch_has_no_token_and_every_other_has_one(
        self, session: PoliteSession, wiki: MediaWikiPeer
    ) -> None:
        tokens = [b.token for b in walk(session, wiki)]
        assert tokens[-1] is None
        assert all(tokens[:-1])

    @pytest.mark.parametrize("kept", [1, 2, 3, 4])
    def test_a_walk_goes_on_from_any_token(
        self, session: PoliteSession, wiki: MediaWikiPeer, kept: int
    ) -> None:
        whole = walk(session, wiki)
        rest = walk(session, wiki, token=whole[kept - 1].token)
        assert rest == whole[kept:]
        assert pages_done(whole[kept - 1].token) == kept * 7

    @pytest.mark.parametrize(
        "token", ["{}", "[]", "null", "garbage", '{"continue": 3, "done": 1}', '{"done": "x"}']
    )
    def test_a_damaged_token_is_known_as_such(
        self, session: PoliteSession, wiki: MediaWikiPeer, token: str
    ) -> None:
        with pytest.raises(ContinuationExpired):
            walk(session, wiki, token=token)

    def test_a_token_the_wiki_does_not_take_is_known_as_such(
        self, session: PoliteSession, wiki: MediaWikiPeer
    ) -> None:
        token = '{"continue": {"gcmcontinue": "expired", "continue": "-||"}, "done": 7}'
        with pytest.raises(ContinuationExpired):
            walk(session, wiki, token=token)

    def test_a_server_that_repeats_itself_ends_the_walk(
        self, session: PoliteSession, wiki: MediaWikiPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        same = {"continue": {"gcmcontinue": "page|00|1"}, "query": {"pages": []}}
        monkeypatch.setattr(wiki.wiki, "answer", lambda _: same)
        with pytest.raises(SegueError, match="repeats itself"):
            walk(session, wiki)

    def test_a_page_without_text_is_set_aside_with_its_reason(
        self, session: PoliteSession, wiki: MediaWikiPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hidden = {"pageid": 1, "ns": 0, "title": "Hidden", "revisions": [{"slots": {"main": {}}}]}
        answer = {"batchcomplete": True, "query": {"pages": [hidden]}}
        monkeypatch.setattr(wiki.wiki, "answer", lambda _: answer)
        (batch,) = walk(session, wiki)
        assert batch.pages == ()
        assert [entry.where for entry in batch.set_aside] == ["Hidden"]

    def test_a_batch_may_be_empty_in_the_middle(
        self, session: PoliteSession, wiki: MediaWikiPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # MediaWiki in miser mode filters namespaces after it has cut the batch.
        ask = wiki.wiki.answer
        empty = {
            "batchcomplete": True,
            "continue": {"gcmcontinue": f"page|{LAST_KEY.encode().hex()}|1", "continue": "-||"},
        }
        first = iter([empty])
        monkeypatch.setattr(wiki.wiki, "answer", lambda query: next(first, None) or ask(query))
        assert len(titles(walk(session, wiki))) == 31


class TestLimit:
    @pytest.mark.parametrize("limit", [1, 7, 8, 20, 31, 500])
    def test_gives_exactly_so_many_of_the_newest(
        self, session: PoliteSession, wiki: MediaWikiPeer, limit: int
    ) -> None:
        sets = [p for p in wiki.wiki.pages if p.ns == 0]
        newest = sorted(sets, key=lambda p: p.sort_keys[CATEGORY].upper(), reverse=True)
        batches = walk(session, wiki, limit=limit)
        assert sorted(titles(batches)) == sorted(p.title for p in newest[:limit])
        assert batches[-1].token is None

    def test_counts_the_pages_before_the_token(
        self, session: PoliteSession, wiki: MediaWikiPeer
    ) -> None:
        whole = walk(session, wiki, limit=12)
        assert titles(walk(session, wiki, limit=12, token=whole[0].token)) == titles(whole[1:])

    @pytest.mark.parametrize("limit", [0, -1])
    def test_must_be_positive(
        self, session: PoliteSession, wiki: MediaWikiPeer, limit: int
    ) -> None:
        with pytest.raises(SegueError, match="1 or more"):
            walk(session, wiki, limit=limit)


class TestSince:
    def test_leaves_out_what_is_older_and_asks_only_for_the_years_it_needs(
        self, session: PoliteSession
    ) -> None:
        pages = [page(year, f"{year}-06-01 - Nobody - Show") for year in range(1990, 2020)]
        with MediaWikiPeer(pages) as peer:
            found = titles(walk(session, peer, "X", since="2016-06-01"))
            assert found == [f"{year}-06-01 - Nobody - Show" for year in (2019, 2018, 2017, 2016)]
            assert len(peer.api_requests) == 1

    @pytest.mark.parametrize(
        ("title", "sort_key", "since", "kept"),
        [
            ("1995 - Nobody - Show", "", "1995-06-15", True),
            ("199X - Nobody - Show", "", "1995-06-15", True),
            ("2011-06-1X - Nobody - Show", "", "2011-06-15", True),
            ("2011-06-1X - Nobody - Show", "", "2011-06-20", False),
            ("2000-03 - Nobody - Show", "", "2000-03-15", True),
            ("2000-03 - Nobody - Show", "", "2000-04", False),
            ("2013-07-24 - Nobody @ Beach (Show, 2013-08-03)", "2013-08-03", "2013-08-01", True),
            ("2013-07-24 - Nobody @ Beach (Show, 2013-08-03)", "2013-08-03", "2013-08-04", False),
            ("2013-07-24 - Nobody - Show", "Nobody", "2013-07-24", True),
            ("1999-07-24 - Nobody - Show", "Nobody", "2013-07-24", False),
            ("Nobody Live - Show", "", "2013", True),
        ],
    )
    def test_keeps_a_page_unless_it_is_surely_older(
        self, session: PoliteSession, title: str, sort_key: str, since: str, kept: bool
    ) -> None:
        pages = [page(1, title, sort_key), page(2, "2019-01-01 - Somebody - Show")]
        with MediaWikiPeer(pages) as peer:
            assert (title in titles(walk(session, peer, "X", since=since))) is kept

    def test_an_old_page_under_a_late_sort_key_does_not_end_the_walk(
        self, session: PoliteSession
    ) -> None:
        pages = [page(n, f"1999-01-0{n} - Nobody - Show", "Zebra") for n in range(1, 9)]
        pages.append(page(9, "2018-01-01 - Somebody - Show"))
        with MediaWikiPeer(pages) as peer:
            assert titles(walk(session, peer, "X", since="2018", limit=5)) == [pages[-1].title]

    def test_nothing_new_is_no_error(self, session: PoliteSession, wiki: MediaWikiPeer) -> None:
        assert titles(walk(session, wiki, since="2030-01-01")) == []

    @pytest.mark.parametrize("since", ["yesterday", "2013-7-1", "01.02.2013", "2013-07-24T00:00"])
    def test_must_be_a_date(self, session: PoliteSession, wiki: MediaWikiPeer, since: str) -> None:
        with pytest.raises(SegueError, match="not a date"):
            walk(session, wiki, since=since)

    def test_dates_in_a_title_are_read_as_late_as_they_may_be(self) -> None:
        assert newest_date("2013-07-24 - Nobody - Show") == "2013-07-24"
        assert newest_date("2011-06-XX - Nobody") == "2011-06-31"
        assert newest_date("2011-1X - Nobody") == "2011-12-31"
        assert newest_date("19XX - Nobody") == "1999-12-31"
        assert newest_date("Nobody 12345 - Show") == ""


class TestCategory:
    def test_may_be_written_with_its_prefix_and_underscores(
        self, session: PoliteSession, wiki: MediaWikiPeer
    ) -> None:
        assert titles(walk(session, wiki, "category:Night_Signal", limit=3))

    def test_pictures_are_not_asked_for(self, session: PoliteSession, wiki: MediaWikiPeer) -> None:
        assert not [title for title in titles(walk(session, wiki)) if title.startswith("File:")]

    def test_a_wrong_case_is_named_with_the_right_one(
        self, session: PoliteSession, wiki: MediaWikiPeer
    ) -> None:
        with pytest.raises(SegueError, match=r"case-sensitive.*Did you mean “Night Signal”"):
            walk(session, wiki, "night signal")

    @pytest.mark.parametrize("since", [None, "2010"])
    def test_a_missing_one_is_an_error(
        self, session: PoliteSession, wiki: MediaWikiPeer, since: str | None
    ) -> None:
        with pytest.raises(SegueError, match="no category “Night Singal”"):
            walk(session, wiki, "Night Singal", since=since)

    def test_one_that_holds_only_pictures_is_an_error(self, session: PoliteSession) -> None:
        picture = Page(1, "File:A.jpg", "[[Category:Covers]]", ns=6)
        with MediaWikiPeer([picture]) as peer, pytest.raises(SegueError, match="no set pages"):
            walk(session, peer, "Covers")

    @pytest.mark.parametrize("name", ["", "  ", "Category:", "A|B", "A[B]", "A#B", "A\nB"])
    def test_an_impossible_name_is_refused_before_any_request(
        self, session: PoliteSession, wiki: MediaWikiPeer, name: str
    ) -> None:
        with pytest.raises(SegueError, match="not a category name"):
            walk(session, wiki, name)
        assert wiki.seen == []


class TestErrorsOfTheApi:
    def test_a_lagging_database_is_waited_for(self, session: PoliteSession) -> None:
        with MediaWikiPeer(invented_pages(5), faults={1: Fault("maxlag")}) as peer:
            assert len(titles(walk(session, peer))) == 6

    def test_any_other_is_passed_on_in_one_sentence(
        self, session: PoliteSession, wiki: MediaWikiPeer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        denied = {"error": {"code": "readapidenied", "info": "You need read permission."}}
        monkeypatch.setattr(wiki.wiki, "answer", lambda _: denied)
        with pytest.raises(SegueError, match="You need read permission"):
            walk(session, wiki)

    @pytest.mark.parametrize("answer", [[], {}, {"results": []}, "text", 3, None])
    def test_another_api_is_a_wrong_address(
        self,
        session: PoliteSession,
        wiki: MediaWikiPeer,
        monkeypatch: pytest.MonkeyPatch,
        answer: object,
    ) -> None:
        monkeypatch.setattr(wiki.wiki, "answer", lambda _: answer)
        with pytest.raises(SegueError, match="not answer like a MediaWiki API"):
            walk(session, wiki)
