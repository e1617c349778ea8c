"""Spelling: what is left of a name when accents, case, spaces and punctuation do not count."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0x2060, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F)]
)
_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019\u201a\u201b`\u00b4\u02bc\u2032", "'"))
_DASH = re.compile("[\u2010\u2011\u2012\u2013\u2212\ufe58\uff0d]")
_LONG_DASH = re.compile("[\u2014\u2015]")

_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_PART_NUMBER = {"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "i": "1", "v": "5"}
_PART_NUMBER |= {"x": "10"} | _ROMAN
_PART_WORD = {"pt": "part", "part": "part", "parts": "part", "vol": "volume", "volume": "volume"}
_PART_WORD |= {"no": "no", "nr": "no", "number": "no", "chapter": "chapter"}
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DOLLAR = re.compile(r"(?<=[^\W\d_])\$|\$(?=[^\W\d_])")
_POINT = re.compile(r"[.,:/-]")
_AND_SHORT = re.compile(r"\s*(?<![^\W_])'n'\s*|(?<=[^\W_])'n'(?=[^\W_])|(?<=[^\W_])'n\s+")
_GLUED_PART = re.compile(r"\b(pt|part|vol)\.?(?=\d)")
_NUMBERS = re.compile(r"(?<=\d) (?=\d)")
_LEADING_ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")
_WORD = re.compile(r"[^\W_]+")
_TOKEN = re.compile(r"[^\W_]+(?:(?<=\d)[.,:/-]\d+)*")
_ARTICLE = re.compile(r"^(?:the|a)\s+(?=[^\W_]{2})")


def clean(text: str) -> str:
    """Make one line of somebody's text regular without changing what it says.

    HTML entities are resolved, invisible characters (soft hyphens, zero-width
    spaces, direction marks) removed, every kind of space becomes one space and
    every kind of dash the plain hyphen.

    Examples
    --------
    >>> clean("Some\u00a0One \u2013 Hide &amp; Seek ")
    'Some One - Hide & Seek'
    """
    if "&" in text:
        text = html.unescape(text)
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE).translate(_QUOTES)
    return " ".join(_LONG_DASH.sub(" - ", _DASH.sub("-", text)).split())


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Casefold and take the accents off Latin letters only.

    Marks of other scripts stay: in Japanese or Cyrillic they make another
    letter, so dropping them would merge different words.

    Examples
    --------
    >>> fold("Trentemøller"), fold("Даша"), fold("ガ") == fold("カ")
    ('trentemoller', 'даша', False)
    """
    text = unicodedata.normalize("NFKD", text.casefold()).casefold()
    if text.isascii():
        return text
    kept: list[str] = []
    latin = False
    for char in text:
        if unicodedata.combining(char):
            if not latin:
                kept.append(char)
            continue
        latin = "LATIN" in unicodedata.name(char, "")
        kept.append(anyascii(char).casefold() if latin and not char.isascii() else char)
    return unicodedata.normalize("NFC", "".join(kept))


def word_set(text: str) -> frozenset[str]:
    """Vocabulary, written as one line of words."""
    return frozenset(text.split())


def words(text: str) -> list[str]:
    """Folded words of a text; apostrophes join, all other punctuation parts.

    Examples
    --------
    >>> words("McArthur's Rock 'n' Roll")
    ['mcarthurs', 'rock', 'n', 'roll']
    """
    return _WORD.findall(fold(clean(text)).replace("'", ""))


def search_text(text: str) -> str:
    """Accent-free, casefolded words of a text, for searching.

    Examples
    --------
    >>> search_text("Röyksopp – Poor Leno (Istanbul Forever Take)")
    'royksopp poor leno istanbul forever take'
    """
    return " ".join(words(text))


@lru_cache(maxsize=131072)
def compact(text: str) -> str:
    """Name as one run of letters and digits: what a name fills of a key.

    Spaces are dropped because they are the commonest difference of all ("Dark
    Star", "Darkstar"). What stands between two digits is kept as a dot, so that
    "1.1" never becomes "11". A name of symbols only stays as it is.

    Examples
    --------
    >>> compact("Dark-Star"), compact("Pt. II"), compact("1.1"), compact("!!!")
    ('darkstar', 'part2', '1.1', '!!!')
    """
    folded = fold(clean(text))
    return _joined(_spelled(_tokens(folded))) or _symbols(folded)


@lru_cache(maxsize=131072)
def title_key(title: str) -> str:
    """Title as one run of letters and digits.

    Beyond `compact`, a leading article does not count, nor the g of "-ing", nor
    zeros in front of a number: lists write "Movin'", "Movin" and "Moving", "Dark 01"
    and "Dark 1", "U" and "You" for one another.

    Examples
    --------
    >>> title_key("The Movin' Light"), title_key("Moving Light"), title_key("The The")
    ('movinlight', 'movinlight', 'the')
    """
    folded = fold(clean(title))
    tokens = _spelled(_tokens(_ARTICLE.sub("", folded)))
    plain = [t[:-1] if len(t) > 5 and t.endswith("ing") else t for t in _unslanged(tokens)]
    return _LEADING_ZEROS.sub("", _joined(plain)) or _symbols(folded)


def _unslanged(tokens: list[str]) -> list[str]:
    """Write "U" as "You" and "Luv" as "Love"; "U" beside single letters is an abbreviation."""
    if "u" not in tokens and "luv" not in tokens:
        return tokens
    whole: list[str] = []
    for place, token in enumerate(tokens):
        beside = [*tokens[max(place - 1, 0) : place], *tokens[place + 1 : place + 2]]
        letters = any(len(t) == 1 and t.isalpha() and t != "i" for t in beside)
        if token == "u" and beside and not letters:
            whole.append("you")
        else:
            whole.append("love" if token == "luv" else token)
    return whole


def _joined(tokens: list[str]) -> str:
    """Join without spaces, save between two numbers: "Red 1 2" is not "Red 12"."""
    return _NUMBERS.sub(".", " ".join(tokens)).replace(" ", "")


def _tokens(folded: str) -> list[str]:
    text = _AND_SHORT.sub(" n ", folded) if "'n" in folded else folded
    text = _DOLLAR.sub("s", _THOUSANDS.sub("", text.replace("'", "")))
    if "pt" in text or "part" in text or "vol" in text:
        text = _GLUED_PART.sub(r"\1 ", text)
    return _TOKEN.findall(text.replace("&", " and "))


def _symbols(folded: str) -> str:
    # The bar separates the parts of a key and may not occur in one.
    return "".join(folded.split()).replace("|", "\u00a6")


def _spelled(tokens: list[str]) -> list[str]:
    """Write parts and numbers one way: "Pt. II", "Part Two" and "Part 2" are the same."""
    spelled: list[str] = []
    last = len(tokens) - 1
    for place, written in enumerate(tokens):
        token = _POINT.sub(".", written)
        before = spelled[-1] if spelled else ""
        after = tokens[place + 1] if place < last else ""
        if before in {"part", "volume", "no", "chapter"}:
            token = _PART_NUMBER.get(token, token.lstrip("0") or token)
        elif token in _PART_WORD and (after[:1].isdigit() or after in _PART_NUMBER):
            token = _PART_WORD[token]
        elif place and token in _ROMAN:
            token = _ROMAN[token]
        elif token == "n" and len(before) > 1 and len(after) > 1:
            token = "and"
        spelled.append(token)
    return spelled
