"""Wikitext to text: sections, templates, categories and inline markup.

Reads as much of MediaWiki's syntax as tracklist pages use; see
https://www.mediawiki.org/wiki/Help:Formatting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape, unescape

# "<--" without its mark is no comment to MediaWiki, but was meant as one.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<--[^\n]*?-->", re.DOTALL)
# The bounds keep a tag that is never closed from being searched for over the whole page.
_NOWIKI = re.compile(r"<nowiki>(.{0,2000}?)</nowiki>|<nowiki\s*/>", re.DOTALL | re.IGNORECASE)
_DROPPED = re.compile(
    r"<(ref|s|del|strike|gallery)\b[^<>/]*(?:/>|>.{0,2000}?</\1\s*>)", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?\s*>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"</?(?:b|strong)\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:i|em|u|small|big|span|div|p|font|sup|sub|code|tt|center|nobr|ins|ol|ul|li)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{\{([^{}]*)\}\}")
_LINK_AROUND_BAR = re.compile(r"\[\[[^\[\]]*\]\]")
_CATEGORY = re.compile(r"\[\[\s*Category\s*:\s*([^\[\]|]+?)\s*(?:\|([^\[\]]*))?\]\]", re.IGNORECASE)
_MEDIA = re.compile(r"\[\[\s*(?:File|Image|Category)\s*:[^\[\]]*\]\]", re.IGNORECASE)
_LINK = re.compile(r"\[\[:?(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_EXTERNAL = re.compile(
    r"\[(?:https?:|ftp:)?//[^\s\[\]]*\s*([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]", re.IGNORECASE
)
_BARE_URL = re.compile(r"\bhttps?://[^\s\]]+", re.IGNORECASE)
_HEADING = re.compile(r"^\s*(={1,6})\s*(.*?)\s*\1\s*$")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Section:
    """The lines under one heading; the lead has level 0 and no heading."""

    level: int
    heading: str
    lines: tuple[str, ...]


def without_comments(text: str) -> str:
    """Page text without comments, references, struck-out text and nowiki tags."""
    text = _COMMENT.sub("", text)
    text = _NOWIKI.sub(_literal, text)
    text = _DROPPED.sub("", text)
    text = _BOLD_TAG.sub("'''", text)
    return _TAG.sub("", text)


def _literal(match: re.Match[str]) -> str:
    """Text between nowiki tags, written so that no later step takes it for markup."""
    text = escape(match.group(1) or "", quote=True)
    return text.replace("{", "&#123;").replace("[[", "&#91;&#91;")


def without_templates(text: str) -> str:
    """Page text with its templates removed.

    A template inside a row shows something ("``{{Sample|file.mp3|Artist - Title}}``"):
    there its last positional parameter, which holds the text, stays.
    """
    replaced = 1
    while replaced:
        text, replaced = _TEMPLATE.subn(_shown, text)
    return text


def _shown(match: re.Match[str]) -> str:
    name, *parameters = _parameters(match.group(1))
    line_start = match.string.rfind("\n", 0, match.start()) + 1
    alone = not match.string[line_start : match.start()].strip()
    if alone and name.casefold() != "sample":
        return ""
    return next((p for p in reversed(parameters) if "=" not in p), "")


def _parameters(inside: str) -> list[str]:
    """Name and parameters of a template; bars inside links do not separate."""
    links: list[str] = []

    def keep(match: re.Match[str]) -> str:
        links.append(match.group())
        return "\0"

    kept = iter(links)
    parts = _LINK_AROUND_BAR.sub(keep, inside.replace("\0", "")).split("|")
    return [re.sub("\0", lambda _: next(kept), part).strip() for part in parts]


def templates(text: str) -> list[tuple[str, dict[str, str]]]:
    """Templates of a page, the inner before the outer: names and parameters, in lower case.

    Positional parameters are called "1", "2", and so on.
    """
    found: list[tuple[str, dict[str, str]]] = []

    def take(match: re.Match[str]) -> str:
        name, *parameters = _parameters(match.group(1))
        named: dict[str, str] = {}
        for number, parameter in enumerate(parameters, start=1):
            key, equals, value = parameter.partition("=")
            named[key.strip().casefold() if equals else str(number)] = (
                value if equals else key
            ).strip()
        found.append((name.casefold(), named))
        return ""

    replaced = 1
    while replaced:
        text, replaced = _TEMPLATE.subn(take, text)
    return found


def categories(text: str) -> list[tuple[str, str]]:
    """Categories of a page, in order, each with its sort key (often empty)."""
    found = (m.groups() for m in _CATEGORY.finditer(text))
    return [(unescape(name.replace("_", " ")), (key or "").strip()) for name, key in found]


def sections(text: str) -> list[Section]:
    """Split a page at its headings; categories, images and breaks are gone from the lines."""
    found: list[Section] = []
    level, heading, lines = 0, "", list[str]()
    for line in text.splitlines():
        match = _HEADING.match(line)
        if match:
            found.append(Section(level, heading, tuple(lines)))
            level, heading, lines = len(match.group(1)), plain(match.group(2)), []
        else:
            lines.extend(_unbroken(line))
    found.append(Section(level, heading, tuple(lines)))
    return found


def _unbroken(line: str) -> list[str]:
    if "[[" in line:
        line = _without_media(line)
    if "<" not in line:
        return [line]
    # A numbered row stays one row; elsewhere a break starts a new line of the list.
    return [_BREAK.sub(" ", line)] if line.lstrip().startswith("#") else _BREAK.split(line)


def _without_media(line: str) -> str:
    line = _MEDIA.sub("", line)
    if line.lstrip().casefold().startswith(("[[file:", "[[image:")):
        # A caption may hold links of its own.
        return _MEDIA.sub("", "[[File:" + _LINK.sub(r"\1", line.lstrip()[2:]))
    return line


def unlinked(text: str) -> str:
    """Text with its links, internal and external, replaced by what they show."""
    if "[[" in text:
        text = _LINK.sub(r"\1", text)
    if "//" in text:
        text = _BARE_URL.sub("", _EXTERNAL.sub(r"\1", text))
    return text


def unquoted(text: str) -> str:
    """Text without the apostrophes that mean italics and bold."""
    if "''" not in text:
        return text
    if len(re.findall(r"(?<!')''(?!')", text)) % 2:
        # 12'' is a record, not the start of italics.
        text = re.sub(r"(?<=\d)''(?!')(?=\s|\)|$)", '"', text)
    return re.sub(r"'{5}|'{2,3}", "", text)


def plain(text: str) -> str:
    """Text as the page shows it, in one line."""
    text = unescape(unquoted(unlinked(text)))
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
