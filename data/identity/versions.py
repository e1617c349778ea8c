"""Versions: which brackets are one, and when two of them are the same recording."""

from __future__ import annotations

import re
from functools import lru_cache

from data.identity.artists import lead, split_names
from data.identity.text import clean, compact, fold, word_set

# Words that say "somebody's treatment of it" and nothing else. Lists use them for one another.
_MIX = word_set("mix remix rmx remx remixed mixed version take remixes mixes")
# One family: "Anna Bell Rework" and "Anna Bell Re-Edit" are one record.
_EDIT = word_set(
    "edit reedit edits rework reworked rewerk refix rerub retouch redo redux recut flip"
)
# Which copy of the recording was played, not which recording it is.
_COPY = word_set(
    "original extended radio album lp single full length long short 12 7 12inch 7inch inch main "
    "clean dirty explicit remaster remastered mixed unmixed vinyl"
)
# Another recording of the work; each kind is one word of the key.
_KIND = {
    "dub": "dub", "dubmix": "dub", "dubb": "dub",
    "vip": "vip",
    "instrumental": "instrumental", "inst": "instrumental", "instr": "instrumental",
    "acapella": "acapella", "acappella": "acapella", "accapella": "acapella",
    "accappella": "acapella", "accpella": "acapella", "acappela": "acapella",
    "acapela": "acapella", "acc": "acapella", "appella": "acapella", "pella": "acapella",
    "vocal": "vocal", "vox": "vocal", "vocals": "vocal",
    "bootleg": "bootleg", "boot": "bootleg", "booty": "bootleg",
    "mashup": "mashup", "mash": "mashup",
    "live": "live", "club": "club", "demo": "demo", "reprise": "reprise", "intro": "intro",
    "outro": "outro", "beats": "beats", "tool": "tool", "loop": "loop", "beatless": "beatless",
    "drums": "drums", "bonus": "bonus", "remake": "remake", "interpretation": "interpretation",
    "reconstruction": "reconstruction", "remode": "remode", "treatment": "treatment",
    "rewind": "rewind", "cut": "cut", "blend": "blend", "cover": "cover",
    "alternative": "alternative", "alternate": "alternative", "session": "session",
    "harmonimix": "harmonimix", "dubstrumental": "dubstrumental", "megamix": "megamix",
    "special": "special", "unreleased": "unreleased", "exclusive": "exclusive",
    "dubplate": "dubplate", "promo": "promo", "vision": "vision",
    "extract": "extract", "excerpt": "extract",
}  # fmt: skip

# Enough anywhere in a bracket to make it a version ...
_STRONG = (_MIX - {"version", "take", "versions"}) | (_EDIT - {"flip", "redo", "redux"}) | {
    "vip", "instrumental", "acapella", "mashup", "remaster", "remastered", "remake"
}  # fmt: skip
# ... and enough at its end ("Telepathy Dub"; but "Dub Be Good To Me" is a subtitle).
_LAST = _MIX | _EDIT | set(_KIND) | {"original", "extended"}
_COINED = re.compile(r"^\w{2,}(?:mix|ap+el+a|strumental|dub|edit)$")

_SPELLED = (
    (
        re.compile(r"\b(re)[- ](?=(?:edit|work|rub|touch|fix|cut|mix|dub|mode|construct|make)\w*)"),
        "re",
    ),
    (re.compile(r"\bmash(?:ed)?[- ]up\b"), "mashup"),
    (re.compile(r"\ba[- ](?=c+ap+el+a\b)"), "a"),
    (re.compile(r"\b(7|12)(?:\"|''| ?-?inch\b| ?in\b|(?= (?:mix|version)\b))"), r"\1inch "),
    (re.compile(r"'s\b|s'(?=\s)"), ""),
    (re.compile(r"\b(?:re)?mix(?:ed)? by\b"), "mix"),
    (re.compile(r"\b(?:radio|extended|album|single|original|full|short|long) edit\b"), "original"),
    (re.compile(r"\b(?:19|20)\d\d (?=remaster)|(?<=remaster) (?:19|20)\d\d\b"), " "),
    (re.compile(r"(?<=remastered) (?:19|20)\d\d\b"), " "),
)
_WORD = re.compile(r"[^\W_]+")


def _said(version: str) -> str:
    text = fold(clean(version))
    for pattern, spelling in _SPELLED:
        text = pattern.sub(spelling, text)
    return text


def _words(said: str) -> list[str]:
    return _WORD.findall(said.replace("'", ""))


@lru_cache(maxsize=32768)
def is_version(text: str) -> bool:
    """Whether the inside of a round bracket names a version rather than a part of the title.

    Examples
    --------
    >>> [is_version(t) for t in ("Anna Bell Re-Edit", "Extended", "Live At Fabric")]
    [True, True, True]
    >>> [is_version(t) for t in ("Dub Be Good To Me", "Part 2", "A1", "Nuxx")]
    [False, False, False, False]
    """
    found = _words(_said(text))
    if not found:
        return False
    if found[0] == "live" or any(word in _STRONG for word in found):
        return True
    if all(word in _COPY for word in found) and not all(word.isdigit() for word in found):
        return True
    named = [w for w in found if not w.isdigit() and w not in {"i", "ii", "iii", "a", "b"}]
    return bool(named) and (named[-1] in _LAST or bool(_COINED.match(named[-1])))


def is_marked_version(text: str) -> bool:
    """Whether the inside of a square bracket names a version.

    Stricter than `is_version`: labels stand there ("North Club", "Vision", "Edits").
    """
    found = _words(_said(text))
    if not found:
        return False
    sure = (_STRONG & set(found)) - {"edits"}
    return bool(sure) or found[-1] in {"dub", "version"} or found == ["live"]


@lru_cache(maxsize=65536)
def version_key(version: str) -> str:
    """Version as a key: empty for the original recording.

    Remixer names and kinds of version count, their order does not; "Mix",
    "Remix" and "Version" say the same, so do "Edit", "Re-Edit" and "Rework". Which
    copy was played ("Original Mix", "Extended Mix", "Radio Edit", "Remastered",
    "Mixed") does not count. A "Club Mix" does: it is often another production.

    Examples
    --------
    >>> version_key("Extended Mix"), version_key("Anna Bell VIP Remix")
    ('', 'annabell+vip')
    >>> version_key("Anna Bell Rework") == version_key("Anna Bell Re-Edit")
    True
    """
    kinds: set[str] = set()
    people: list[str] = []
    remixed = copied = False
    for part in split_names(lead(_said(version))):
        name: list[str] = []
        for word in _words(part):
            if word in _MIX:
                remixed |= word not in {"mix", "version", "mixed"}
                copied |= word == "mixed"
            elif word in _COPY:
                copied = True
            elif word in _EDIT:
                kinds.add("edit")
            elif word in _KIND:
                kinds.add(_KIND[word])
            else:
                name.append(word)
        while len(name) > 1 and name[0] in {"the", "dj"}:
            name = name[1:]
        if name:
            people.append(compact(" ".join(name)))
    if not people and not kinds:
        return "" if (copied and not remixed) or not clean(version) else "mix"
    return "+".join(sorted(people) + sorted(kinds))


def remixers(version: str) -> tuple[str, ...]:
    """Names of the people who made a version, normalised; empty if it names none.

    Examples
    --------
    >>> remixers("Anna & Bo Mix 3"), remixers("Extended Club Mix")
    (('anna', 'bo'), ())
    """
    key = version_key(version)
    names = (part.rstrip("0123456789") or part for part in key.split("+"))
    kinds = set(_KIND.values()) | {"edit", "mix", ""}
    return tuple(name for name in names if name not in kinds)
