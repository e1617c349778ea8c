"""The words of a text, as the searches of the peers compare them."""

from __future__ import annotations

import re
import unicodedata


def words(text: str) -> frozenset[str]:
    """Return the words of a text: no capitals, accents or signs.

    >>> sorted(words("Café – Étude (Bo's)"))
    ['bo', 'cafe', 'etude', 's']
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    return frozenset(re.findall(r"\w+", "".join(c for c in bare if not unicodedata.combining(c))))
