"""Reading one row of a tracklist: artist, title, version, label, or why there are none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from data.identity.artists import FEATURE, artist_names, name_key
from data.identity.brackets import Bracket, balanced, outermost
from data.identity.labels import is_company, read_label
from data.identity.text import clean, words
from data.identity.versions import is_marked_version, is_version
from data.records import OutsideId, Track, Unidentified

Reason = Literal["unknown", "no artist", "no title", "not music", "unreadable"]

# Longer rows are no tracks; the patterns below need not be fast on megabytes.
LONGEST_ROW = 1000

_LAYER_MARK = re.compile(r"^(?:\+|w/|\*)\s+", re.IGNORECASE)
# "Record Of The Week: Artist"; "Nu: Tone" and "Re: Jazz" are names.
_HEADING = re.compile(
    r"^(?!re:)(?:(?:intro|outro|interlude|flashback|opening|closing|encore|premiere|classic)|"
    r"\S[^:]*\s[^:]*|[^:\s]{2,}(?=:\s+\S+\s+\S)):\s+(?=\S)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+-+\s+")
_GLUED = re.compile(r"(?<=\S{2})-\s+|\s+-(?=\S)")
_QUOTED = re.compile(
    r"^(?P<artist>[^'\"]*\w[^'\"]*) (?P<quote>['\"])(?P<title>\w.*)(?P=quote)"
    r"(?:\s*\((?P<label>.*)\))?$"
)
_UNKNOWN = re.compile(
    r"^(?:[?\s.]+|\W*(?:id|unknown|unidentified|unknown (?:artist|title|track|name|song)|"
    r"untitled|no (?:artist|title|name)|tba|tbc|tbd|n/a|track id)\W*)$",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"^\W*(?:intro(?:duction)?|outro|interview|speech|news|talk(?:ing)?|voice ?over|mic check|"
    r"gig guide|competition|shout ?outs?|commercial|advert|break|end|applause|crowd noise|"
    r"silence)\W*$",
    re.IGNORECASE,
)
_ANNOUNCED = re.compile(
    r"^\W*(?:(?:hosted|presented|mixed) by\b.*|(?:radio |station |show )?(?:jingle|ident)s?|"
    r"intro|outro|interview)\W*$",
    re.IGNORECASE,
)
_DURATION = re.compile(r"^\d{1,3}:\d\d(?::\d\d)?$")
_COPY_NOTE = re.compile(
    r"^(?:unreleased|forthcoming|dub ?plate|white(?: label)?|promo|(?:unreleased )?cd-?r|"
    r"test press(?:ing)?|exclusive|free (?:download|dl)|[?\s]+|id|title\?|tbc|tba|"
    r"@? ?(?:33|45) ?rpm)$",
    re.IGNORECASE,
)
_DOUBT = re.compile(r"(?:\s+|(?<=[\])]))[?*]+$")
# "[Part 2 Of 2]" is the title's; "[Purple Tracks - PT 021]" and "[Other Side]" are labels,
# unless another label stands behind them ("[Bo Rub Pt 1] [Cellar]").
_PART = re.compile(r"\b(?:part|pt|vol|volume|side)\b", re.IGNORECASE)
_PLACE_NOTE = re.compile(r"^\((?:mix )?(?:intro|outro)\)\s+|\s+\((?:mix )?(?:intro|outro)\)$", re.I)
_BARE_VIP = re.compile(r"(?<=\w)(?<!\bthe)(?<!\ba)\s+(VIP(?: (?:re)?mix)?)$", re.IGNORECASE)
_GUEST_NOTE = re.compile(r"^(?:feat(?:uring)?\b|ft\b|with\b|w/)\.?\s*", re.IGNORECASE)


def parse_track(text: str) -> Track | Unidentified:
    """Read one row's text, ``Artist - Title (Version) [Label - CAT 001]``.

    The row comes without its cue and number. A number in front belongs to the
    artist ("3 Phase") and stays.

    Parameters
    ----------
    text : str
        The row; any text is taken.

    Returns
    -------
    Track or Unidentified
        Unidentified says why the row names no recording. "Untitled" alone is no
        title, because one artist's untitled tracks would all become one.

    Examples
    --------
    >>> track = parse_track("Anna:Bell - Moon (Bo Mix) [Cellar - CEL 006]")
    >>> track.artist, track.title, track.version, track.label, track.catalogue_number
    ('Anna:Bell', 'Moon', 'Bo Mix', 'Cellar', 'CEL 006')
    >>> parse_track("Someone - ID").reason
    'no title'
    """
    row = _LAYER_MARK.sub("", clean(text.replace("'''", ""))) if len(text) <= LONGEST_ROW else ""
    if not row:
        return Unidentified(text, "unreadable")
    artist, title = _split(row)
    if artist or title:
        return _build(text, artist, title)
    quoted = _QUOTED.match(row)
    if quoted and not _UNKNOWN.match(quoted["artist"]):
        return _build(text, quoted["artist"], quoted["title"], label=quoted["label"] or "")
    return _without_separator(text, row)


def make_track(
    artist: str,
    title: str,
    label: str = "",
    *,
    genre: str = "",
    ids: Iterable[OutsideId] = (),
) -> Track | Unidentified:
    """Make a track of columns that were split already.

    Parameters
    ----------
    artist, title, label : str
        `title` may carry version and label in brackets and may repeat
        ``Artist - `` in front, as some tables do.
    genre : str
        Genre of the row, kept as it is.
    ids : iterable of OutsideId
        Outside identifiers of the row.

    Examples
    --------
    >>> str(make_track("Anna Bell (NL)", "Anna Bell - Moon! (Original Mix)"))
    'Anna Bell (NL) - Moon! (Original Mix)'
    """
    raw = f"{artist} - {title}" if artist.strip() and title.strip() else artist or title
    if len(raw) + len(label) > LONGEST_ROW:
        return Unidentified(raw, "unreadable")
    artist, title = clean(artist), clean(title)
    first, rest = _split(title)
    if not artist:
        artist, title = first, rest
    elif rest and _same_credit(first, artist):
        title = rest
    if artist or title:
        return _build(raw, artist, title, label=clean(label), genre=genre, ids=tuple(ids))
    bare = clean(raw)
    return _without_separator(raw, bare) if bare else Unidentified(raw, "unreadable")


def names_track(text: str) -> bool:
    """Whether a text looks like a whole row: "X - Y", or an unknown track ("?", "ID")."""
    text = clean(text)
    if _SEPARATOR.search(text) and _split(text)[1]:
        return True
    return bool(_UNKNOWN.match(_plain(text) or text))


def _same_credit(written: str, column: str) -> bool:
    if name_key(written) == name_key(column):
        return True
    return bool(set(artist_names(written)) & set(artist_names(column)))


def _split(row: str) -> tuple[str, str]:
    """Artist and title around the first dash outside brackets; both empty if there is none."""
    inside = [(b.start, b.end) for b in outermost(row)]
    for pattern in (_SEPARATOR, _GLUED):
        for match in pattern.finditer(row):
            if not any(start <= match.start() < end for start, end in inside):
                return row[: match.start()].strip(), row[match.end() :].strip(" -")
    return ("", row[2:].strip()) if row.startswith("- ") else ("", "")


def _without_separator(raw: str, row: str) -> Unidentified:
    name, label = _take_label(row)
    bare = _plain(name)
    if _SPEECH.match(bare) or _ANNOUNCED.match(bare) or (not bare and not is_version(row)):
        return Unidentified(raw, "not music")
    if _UNKNOWN.match(bare) or not words(bare):
        return Unidentified(raw, "unknown", label=read_label(label)[0])
    return Unidentified(raw, "no artist", title=name.strip(" -"), label=read_label(label)[0])


def _plain(name: str) -> str:
    """Name without anything in brackets."""
    for bracket in reversed(outermost(name)):
        name = name[: bracket.start] + " " + name[bracket.end :]
    return " ".join(name.split())


def _build(
    raw: str,
    artist: str,
    title: str,
    *,
    label: str = "",
    genre: str = "",
    ids: tuple[OutsideId, ...] = (),
) -> Track | Unidentified:
    title, written = _take_label(balanced(_DOUBT.sub("", title)))
    heading = _HEADING.match(artist)
    artist = _PLACE_NOTE.sub("", artist[heading.end() :] if heading else artist)
    title, version, guests = _take_versions(title)
    if not written:
        # "Title [Label] (Version)"
        title, written = _take_label(title)
    label, number = read_label(label or written)
    no_artist = not artist or bool(_UNKNOWN.match(_plain(artist) or artist))
    no_title = not title or _is_no_title(title)
    if _ANNOUNCED.match(artist):
        return Unidentified(raw, "not music", artist, title, label)
    if no_artist or no_title:
        reason: Reason = "unknown" if no_artist and no_title else "no artist"
        reason = reason if no_artist else "no title"
        known = ("" if no_artist else artist, "" if no_title else title)
        return Unidentified(raw, reason, *known, label)
    if guests:
        artist = f"{artist} feat. {guests}"
    return Track(artist, title, version, label, number, genre, ids)


def _is_no_title(title: str) -> bool:
    """Whether a title is unknown; "Untitled" with a number, side or subtitle names one."""
    if title.casefold().startswith("untitled") and words(title) != ["untitled"]:
        return False
    return bool(_UNKNOWN.match(_plain(title) or title))


def _take_label(title: str) -> tuple[str, str]:
    """Cut the square brackets at the end; the last one that names a label is it."""
    found, last = "", None
    # Cutting the last bracket leaves the ones in front as they are: one look is enough.
    brackets = outermost(title)
    while (last := _closing(title, brackets)) and last.mark == "[":
        brackets.pop()
        part = _PART.search(last.text)
        if is_marked_version(last.text) or (part and (found or part.start() == 0)):
            break
        before = title[: last.start].rstrip()
        if found.startswith(" / "):
            found = last.text + found
        elif not found or (not read_label(found)[0] and read_label(last.text)[0]):
            found = last.text
        title = before.rstrip("/ ")
        # "[Label A] / [Label B]": the one in front belongs to it too.
        if before.endswith(("] /", "]/")):
            found = f" / {found}"
    if not found and last and last.start and is_company(last.text):
        return title[: last.start].rstrip(), last.text
    return title, found


def _closing(title: str, brackets: list[Bracket]) -> Bracket | None:
    return brackets[-1] if brackets and brackets[-1].end == len(title) else None


def _take_versions(title: str) -> tuple[str, str, str]:
    """Title, version and guests: brackets and dashed endings that are no part of the title."""
    versions: list[str] = []
    guests: list[str] = []
    for bracket in reversed(outermost(title)):
        inside = bracket.text.strip()
        note = _GUEST_NOTE.match(inside)
        if not inside or _DURATION.match(inside) or _COPY_NOTE.match(inside):
            pass
        elif is_version(inside):
            versions.insert(0, balanced(inside).rstrip(" ?"))
        elif note and inside[note.end() :]:
            guests.insert(0, inside[note.end() :])
        else:
            continue
        title = f"{title[: bracket.start].rstrip()} {title[bracket.end :].lstrip()}".strip()
    in_brackets = len(versions)
    while (cut := title.rfind(" - ")) > 0 and is_version(title[cut + 3 :]):
        versions.insert(in_brackets, title[cut + 3 :].strip())
        title = title[:cut].rstrip(" -")
    if bare := _BARE_VIP.search(title):
        versions.insert(in_brackets, bare[1])
        title = title[: bare.start()]
    feature = FEATURE.search(title)
    if feature and feature.start() > 0 and "(" not in feature[0]:
        guests.insert(0, title[feature.end() :].strip())
        title = title[: feature.start()].strip()
    return title.strip(" -"), ", ".join(versions), ", ".join(g for g in guests if g)
