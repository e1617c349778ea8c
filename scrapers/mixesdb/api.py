"""MixesDB through its MediaWiki API: the pages of a category, newest first.

Source of the calls: https://www.mediawiki.org/wiki/API:Categorymembers and
https://www.mediawiki.org/wiki/API:Continue; MixesDB runs MediaWiki 1.44.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from data.errors import SegueError
from data.records import SetAside
from scrapers.http import PoliteSession

# Anonymous readers get the text of at most 50 pages in one answer.
PAGES_PER_CALL = 50
TITLE_DATE = re.compile(r"(?<!\d)([12][\dX]{3})(?:-([01X][\dX])(?:-([0-3X][\dX]))?)?(?![\dX])")
BUSY_CODES = ("maxlag", "ratelimited", "readonly")


class ContinuationExpired(SegueError):
    """The wiki does not take a stored place in a category any more: start over."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """One wiki page as it is stored.

    Parameters
    ----------
    title : str
        Full title, case-sensitive.
    wikitext : str
    """

    title: str
    wikitext: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pages of a category and where to go on after them.

    Parameters
    ----------
    pages : tuple of RawPage
        Newest first.
    token : str or None
        Hand this to `walk_category` to go on after these pages; None after the last.
    set_aside : tuple of SetAside
        Pages that the wiki lists but gave no text for.
    """

    pages: tuple[RawPage, ...]
    token: str | None
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a walk stands between two batches; `done` pages were handed out before."""

    more: Mapping[str, str] = field(default_factory=dict)
    done: int = 0

    @classmethod
    def read(cls, token: str) -> Self:
        try:
            value = json.loads(token)
            more = {str(k): str(v) for k, v in value["continue"].items()}
            return cls(more, int(value["done"]))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ContinuationExpired("The stored place in the category is damaged.") from None

    def __str__(self) -> str:
        return json.dumps({"continue": dict(self.more), "done": self.done}, sort_keys=True)


def pages_done(token: str | None) -> int:
    """Pages that a walk had handed out when it gave `token`."""
    return _Place.read(token).done if token else 0


def newest_date(title: str) -> str:
    """Latest day that the dates in a page title allow, or ``""`` without a date.

    A set is often played in one month and broadcast in the next, and its title
    holds both dates. Unknown digits count as the latest they can be, so that a
    page is never left out for what is not known about it.

    Examples
    --------
    >>> newest_date("2013-07-24 - Nobody @ Somewhere (Some Show, 2013-08-03)")
    '2013-08-03'
    >>> newest_date("199X - Nobody - Some Show")
    '1999-12-31'
    """
    return max((_latest(*match.groups()) for match in TITLE_DATE.finditer(title)), default="")


def _latest(year: str, month: str | None, day: str | None) -> str:
    latest_month = {"XX": "12", "1X": "12"}.get(month or "XX", (month or "").replace("X", "9"))
    latest_day = {"XX": "31", "3X": "31"}.get(day or "XX", (day or "").replace("X", "9"))
    return f"{year.replace('X', '9')}-{latest_month}-{latest_day}"


def walk_category(
    session: PoliteSession,
    api_url: str,
    category: str,
    *,
    limit: int | None = None,
    since: str | None = None,
    token: str | None = None,
) -> Iterator[Batch]:
    """Yield the set pages of a category, newest first, in batches.

    Parameters
    ----------
    session : PoliteSession
    api_url : str
        Address of ``api.php``.
    category : str
        Name, with or without ``Category:``; case counts.
    limit : int, optional
        End after this many pages, those of earlier batches of the same walk included.
    since : str, optional
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``: only pages with a date in their
        title that is, or may be, as late; and pages without any date.
        Pages that the category sorts under punctuation (``*``, a space), as
        wikis do with pages about the category, are not looked at.
    token : str, optional
        Token of the batch after which to go on.

    Raises
    ------
    ContinuationExpired
        If the wiki does not take `token` (any more).
    SegueError
        If there is no such category, it holds no set pages, an argument is not
        usable, or the wiki does not answer as MediaWiki does.
    """
    name = category_name(category)
    asked = _question(name, limit, since)
    place = _Place.read(token) if token else _Place()
    met = False
    while limit is None or place.done < limit:
        left = PAGES_PER_CALL if limit is None else limit - place.done
        asked["gcmlimit"] = str(min(PAGES_PER_CALL, left))
        answered, more = _read_batch(session, api_url, asked, place.more)
        met = met or bool(answered) or bool(token)
        pages, set_aside = _sort_out(answered, since or "")
        place = _Place(more, place.done + len(pages) + len(set_aside))
        finished = not more or (limit is not None and place.done >= limit)
        if finished and not met:
            _require_category(session, api_url, name, may_be_empty=bool(since))
        yield Batch(pages, None if finished else str(place), set_aside)
        if finished:
            return


def _question(name: str, limit: int | None, since: str | None) -> dict[str, str]:
    if limit is not None and limit < 1:
        raise SegueError(f"The limit must be 1 or more, not {limit}.")
    asked = {
        "action": "query",
        "format": "json",
        "formatversion": "2",
        "generator": "categorymembers",
        "gcmtitle": f"Category:{name}",
        "gcmnamespace": "0",
        "gcmsort": "sortkey",
        "gcmdir": "desc",
        "prop": "revisions",
        "rvprop": "content",
        "rvslots": "main",
    }
    if since:
        if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", since):
            raise SegueError(f"“{since}” is not a date; write it as 2024-05-31, 2024-05 or 2024.")
        # Only the year: "1995 - ..." sorts before "1995-06", and may be later.
        asked["gcmendsortkeyprefix"] = since[:4]
    return asked


def _read_batch(
    session: PoliteSession, api_url: str, asked: Mapping[str, str], more: Mapping[str, str]
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Read one batch of the generator to its end, in as many calls as its texts take."""
    texts: dict[str, str | None] = {}
    more = dict(more)
    while True:
        answer = _call(session, api_url, {**asked, **more})
        for page in answer.get("query", {}).get("pages", []):
            text = _text(page)
            if text is not None or page["title"] not in texts:
                texts[page["title"]] = text
        following = {key: str(value) for key, value in answer.get("continue", {}).items()}
        if following and following == more:
            raise SegueError(f"{api_url} repeats itself without end: it may not be MediaWiki.")
        more = following
        if answer.get("batchcomplete") or not more:
            return texts, more


def _text(page: Mapping[str, Any]) -> str | None:
    for revision in page.get("revisions", []):
        content = revision.get("slots", {}).get("main", {}).get("content")
        if isinstance(content, str):
            return content
    return None


def _sort_out(
    texts: Mapping[str, str | None], since: str
) -> tuple[tuple[RawPage, ...], tuple[SetAside, ...]]:
    wanted = [
        (title, text)
        for title, text in sorted(texts.items(), reverse=True)
        if (newest_date(title) or since) >= since
    ]
    pages = tuple(RawPage(title, text) for title, text in wanted if text is not None)
    set_aside = tuple(
        SetAside(title, "the wiki lists this page but gave no text for it")
        for title, text in wanted
        if text is None
    )
    return pages, set_aside


def _call(session: PoliteSession, api_url: str, params: Mapping[str, str]) -> dict[str, Any]:
    answer = session.get_json(api_url, params, busy=_busy)
    if not isinstance(answer, dict) or not answer.keys() & {"query", "batchcomplete", "error"}:
        raise SegueError(f"{api_url} does not answer like a MediaWiki API: check the address.")
    if "error" in answer:
        _refuse(answer["error"], params)
    return answer


def _busy(answer: Any) -> str | None:
    error = answer.get("error", {}) if isinstance(answer, dict) else {}
    code = str(error.get("code", ""))
    passing = code in BUSY_CODES or code.startswith("internal_api_error")
    return f"{error.get('info', code)}" if passing else None


def _refuse(error: Mapping[str, Any], params: Mapping[str, str]) -> None:
    code, info = str(error.get("code", "")), str(error.get("info", ""))
    if code == "badcontinue":
        raise ContinuationExpired("The wiki does not know the stored place in the category.")
    if code in ("invalidcategory", "invalidtitle"):
        raise SegueError(f"“{params.get('gcmtitle', '')}” is not a category name: {info}")
    raise SegueError(f"The wiki refuses the request: {info} ({code}).")


def category_name(category: str) -> str:
    """Name of a category as the wiki has it, without ``Category:`` and underscores.

    Raises
    ------
    SegueError
        If no category can be called that.
    """
    name = category.replace("_", " ").strip()
    if name[:9].casefold() == "category:":
        name = name[9:].strip()
    if not name or re.search(r"[#<>\[\]{}|\n]", name):
        raise SegueError(
            f"“{category}” is not a category name; write it as on the site, for example "
            "“Essential Mix”."
        )
    return name


def _require_category(
    session: PoliteSession, api_url: str, name: str, *, may_be_empty: bool
) -> None:
    """Say why a walk met nothing: the wiki itself answers with no pages and no error."""
    spellings = dict.fromkeys((name, name[0].upper() + name[1:], name.title(), name.upper()))
    answer = _call(
        session,
        api_url,
        {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "prop": "categoryinfo",
            "titles": "|".join(f"Category:{spelling}" for spelling in spellings),
        },
    )
    known = {
        page["title"].partition(":")[2]: page.get("categoryinfo", {})
        for page in answer.get("query", {}).get("pages", [])
        if not page.get("missing") or page.get("categoryinfo")
    }
    if name not in known:
        hint = "".join(f" Did you mean “{other}”?" for other in list(known)[:1])
        raise SegueError(
            f"The wiki has no category “{name}”. Names are case-sensitive: write it exactly as "
            f"on the site.{hint}"
        )
    if not may_be_empty:
        inside = known[name].get("subcats", 0)
        hint = f" It has {inside} subcategories: choose one of them." if inside else ""
        raise SegueError(f"The category “{name}” holds no set pages.{hint}")
