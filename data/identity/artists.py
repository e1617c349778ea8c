"""Artist credits: the names in them, and the part of a key they fill."""

from __future__ import annotations

import re
from functools import lru_cache

from data.identity.text import clean, compact

FEATURE = re.compile(r"(?:^|\s|\()(?:feat(?:uring)?|ft|f/)(?:\.\s*|\s+|(?<=/))", re.IGNORECASE)
_JOIN = re.compile(
    r"\s*[,;&+]\s*|\s+/\s*|\s*/\s+|(?<=[^\W_]{3})/(?=[^\W_]{3})"
    r"|\s+(?:and|'?n'?|und|x|vs?\.?|versus|pres\.?|presents\.?|presenting|with|w/|meets|aka|a\.k\.a\.?)"
    r"\s+(?=\w)",
    re.IGNORECASE,
)
# One name, however it is spaced: "AC / DC".
_SLASHED_NAME = re.compile(r"^(\w{1,2}) ?/ ?(\w{1,2})$")
# "Carl pres. The Bells" is a record by The Bells; "Carl aka The Bells" is one person.
_PRESENTS = re.compile(r"^.*\S\s+(?:pres\.?|presents\.?|presenting)\s+(?=\w)", re.IGNORECASE)
_ALSO = re.compile(r"(?<=\S)\s+\(?(?:aka|a\.k\.a\.?)\s+(?=\w).*$", re.IGNORECASE)
_COUNTRIES = (
    "uk us usa nl de ger fr fra es esp it ita be bel se swe no nor dk den fi fin ie irl pl pt br "
    "bra ar arg au aus nz ca can jp jpn kr cn hk tw in il isr gr ru rus ua tr ro hu cz sk at aut "
    "ch sui mx cl co pe za sa rs hr si bg lt lv ee is lu ng gh ke eg ma tn lb ir id my sg ph th vn"
).replace(" ", "|")
_ARTICLE = re.compile(r"^(?:the\s+(?=\S)|a\s+(?=[^\W_]{3,}\s))", re.IGNORECASE)
# First words of a name that lists write out or shorten at will.
_SHORT_FORMS = {
    "mister": "mr", "doctor": "dr", "saint": "st", "sainte": "ste", "two": "2", "three": "3",
    "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip
_SUFFIX = re.compile(rf"(?<=\S)\s*[(\[](?:\d{{1,3}}|{_COUNTRIES})[)\]]", re.IGNORECASE)


def lead(credit: str) -> str:
    """Credit without its featured guests.

    Examples
    --------
    >>> lead("Anna & Bo Feat. Carla Dee")
    'Anna & Bo'
    """
    match = FEATURE.search(credit)
    return credit[: match.start()].strip() or credit if match else credit


def split_names(text: str) -> list[str]:
    """Parts of a credit between "&", "and", "x", "vs.", "pres." and their like."""
    return [part for part in _JOIN.split(_SLASHED_NAME.sub(r"\1\2", text)) if part.strip()]


@lru_cache(maxsize=65536)
def artist_names(credit: str) -> tuple[str, ...]:
    """Normalised single artists of a credit, in order, guests included.

    For features only, never identity: duo names hold separators ("Chase & Status").

    Examples
    --------
    >>> artist_names("Anna, The Bells & DJ Carl (UK) Feat. Mr. D")
    ('anna', 'bells', 'djcarl', 'mrd')
    """
    parts = split_names(FEATURE.sub(" & ", clean(credit)))
    return tuple(dict.fromkeys(name for part in parts if (name := name_key(part))))


def written_names(credit: str) -> dict[str, str]:
    """Names of a credit as they were written, by their key.

    Examples
    --------
    >>> written_names("Anna & The Bells Feat. DJ Carl")
    {'anna': 'Anna', 'bells': 'The Bells', 'djcarl': 'DJ Carl'}
    """
    parts = split_names(FEATURE.sub(" & ", clean(credit)))
    return {name_key(part): part.strip() for part in parts if name_key(part)}


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """One artist's name as a key: no country or Discogs suffix, no "The".

    Examples
    --------
    >>> name_key("The Bells (2)"), name_key("L.F.O."), name_key("3 Phase")
    ('bells', 'lfo', '3phase')
    """
    name = _SUFFIX.sub("", name).strip(" ()") or name.strip()
    name = _ARTICLE.sub("", name)
    first, space, rest = name.partition(" ")
    if space and (short := _SHORT_FORMS.get(first.casefold().rstrip("."))):
        name = f"{short} {rest}"
    return compact(name) if name.strip() else ""


@lru_cache(maxsize=65536)
def credit_key(credit: str) -> str:
    """Return the credit's part of a key: names of the lead artists, sorted.

    Guests ("Feat. X") do not count: lists leave them out at will, and the same
    artist and title never were two songs in 60,000 rows. The order of joined
    artists does not count either, but who is among them does, save for who only
    presents them. "DJ" in front of a name is left out at will, too.

    Examples
    --------
    >>> credit_key("Bo & Anna feat. Carla"), credit_key("Anna")
    ('anna&bo', 'anna')
    """
    said = _ALSO.sub("", _PRESENTS.sub("", lead(clean(credit))))
    names = artist_names(said) or artist_names(credit)
    names = tuple(name[2:] if name.startswith("dj") and len(name) > 4 else name for name in names)
    # "Tyler, The Creator" leaves parts that are no names of their own; sorting keeps them stable.
    return "&".join(sorted(names)) if names else compact(credit)
