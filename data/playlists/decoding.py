"""From the bytes that some program wrote to their text."""

from __future__ import annotations

import codecs


def decoded(content: bytes) -> str:
    """Decode text of unknown encoding; never fails.

    A byte order mark counts first, then valid UTF-8, then UTF-16 without a mark, then
    Windows-1252, in which old programs of Windows write. Bytes without a meaning become
    U+FFFD.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    start = content[:200]
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # Latin letters in UTF-16 have a zero in every second byte, and in none of the others.
        if start[place::2].count(0) > len(start) // 4 and not start[1 - place :: 2].count(0):
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
