"""Record labels and catalogue numbers, and what stands in their place without being one."""

from __future__ import annotations

import re
from functools import lru_cache

from data.identity.text import compact, word_set, words

# What lists say of a copy where a label should stand; all words of a text must be among them.
_NOT_A_LABEL = word_set(
    "white whitelabel label unknown unreleased unrelesed unsigned not on no none promo "
    "promotional bootleg bootlegs cdr cd r dubplate dub plate test press pressing acetate self "
    "released selfreleased free download dl forthcoming exclusive tba tbc tbd id na n a soon "
    "coming independent private digital only"
)
_COMPANY = word_set("records recordings recording recs rec record")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_DATED = re.compile(r"[,;]\s*(?:19|20)\d\d$")
# "[Label A - CAT 1, Label B - CAT 2]": a release of two labels, the first pair is kept.
_FIRST_PAIR = re.compile(r"^([^,]+ - [^,]*\d[^,]*), [^,]+ - [^,]*\d[^,]*$")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9./-]*")
_SHARED = re.compile(r"\s+/\s*|\s*/\s+|(?<=[^\W_]{3})/(?=[^\W_]{3})")


@lru_cache(maxsize=32768)
def read_label(text: str) -> tuple[str, str]:
    """Split the inside of ``[Label - CAT 001, 2017]`` into label and catalogue number.

    Returns
    -------
    tuple of str
        ``(label, catalogue_number)``; the label is empty where the text names none.

    Examples
    --------
    >>> read_label("Cellar Series - CSR024LP, 2017")
    ('Cellar Series', 'CSR024LP')
    >>> read_label("Cellar - EBB, 2017"), read_label("Cellar - Tidal")
    (('Cellar', 'EBB'), ('Cellar - Tidal', ''))
    >>> read_label("White - 2011"), read_label("Unreleased")
    (('', ''), ('', ''))
    """
    text, dated = _DATED.subn("", text.strip(" -"))
    text = _FIRST_PAIR.sub(r"\1", text.strip())
    label, dash, number = (part.strip() for part in text.rpartition(" - "))
    if not dash:
        return (text if is_label(text) else ""), ""
    if _YEAR.match(number) or not is_label(number):
        number = ""
    elif not any(char.isdigit() for char in number) and not (dated and _CODE.fullmatch(number)):
        # Without a year behind it, a word that has no digit is as likely a second label.
        label, number = text, ""
    return (label if is_label(label) else ""), number


@lru_cache(maxsize=32768)
def is_label(text: str) -> bool:
    """Whether a text names a record label ("White", "Unreleased" and "?" do not)."""
    said = words(text)
    return bool(said) and not all(word in _NOT_A_LABEL or _YEAR.match(word) for word in said)


def is_company(text: str) -> bool:
    """Whether a text calls itself a label ("Cellar Recordings")."""
    said = words(text)
    return len(said) > 1 and said[-1] in _COMPANY


@lru_cache(maxsize=32768)
def label_key(label: str) -> str:
    """Normalised label, or ``""`` where the text names none.

    Of two labels that share a release the first counts. "Records" and
    "Recordings" at the end do not: lists leave them out at will.

    Examples
    --------
    >>> label_key("C.D.E"), label_key("CDE Records"), label_key("White Label")
    ('cde', 'cde', '')
    """
    said = words(_SHARED.split(read_label(label)[0])[0])
    while len(said) > 1 and said[-1] in _COMPANY:
        said.pop()
    if len(said) > 1 and said[0] == "the":
        said = said[1:]
    return compact(" ".join(said)) if said else ""
