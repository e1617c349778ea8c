"""The part of an address behind the question mark, where pages keep what is shown.

Several parts of one page write into it, and none may lose what another has written.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode


def read(search: str | None) -> dict[str, str]:
    """Return the parameters of an address; of one given twice, the first.

    Examples
    --------
    >>> read("?q=night+bus&page=2")
    {'q': 'night bus', 'page': '2'}
    """
    found: dict[str, str] = {}
    for name, value in parse_qsl((search or "").removeprefix("?"), errors="replace"):
        found.setdefault(name, value)
    return found


def written(search: str | None, **changes: str | int | None) -> str:
    """Return the address with some parameters changed; None or an empty text takes one out.

    Examples
    --------
    >>> written("?q=bus&page=2", page=None, show="unanalysed")
    '?q=bus&show=unanalysed'
    """
    values = read(search) | {name: str(value or "") for name, value in changes.items()}
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else ""


def number(search: str | None, name: str) -> int | None:
    """Return a parameter that is a whole number above 0, else None.

    Examples
    --------
    >>> number("?job=12", "job"), number("?job=x", "job")
    (12, None)
    """
    text = read(search).get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 and int(text) > 0 else None
