"""Keys: what makes two rows the same recording, and the same work."""

from __future__ import annotations

from data.identity.artists import artist_names, credit_key
from data.identity.brackets import last_bracket
from data.identity.text import title_key, word_set, words
from data.identity.versions import remixers, version_key
from data.records import Track

# Brackets after these hold the title itself, after a number or a side the piece.
_NO_TITLE_ALONE = frozenset(
    ("", "untitled", "interlude", "intro", "outro", "track", "skit", "tool")
)
_PIECE = word_set("part pt side vol volume chapter act movement one two three four five")


def recording_key(track: Track) -> str:
    """Key that is equal for the same recording, however it was written.

    ``artists|title|version``. Subtitles in brackets count; labels, guests, case,
    accents, spaces, punctuation and the order of joined artists do not.

    Examples
    --------
    >>> recording_key(Track("The Bells & DJ Anna", "Moon (Pt. II)", "Extended Mix"))
    'anna&bells|moonpart2|'
    """
    title = title_key(track.title)
    return f"{credit_key(track.artist)}|{title}|{version_key(track.version)}"


def work_key(track: Track) -> str:
    """Key of the work that a recording is a version of: ``artists|title``.

    A subtitle at the end does not count ("Moon (All I See)" is "Moon"), unless
    it tells pieces apart: a number, a part, a side.

    Examples
    --------
    >>> work_key(Track("Anna", "Moon (All I See)")), work_key(Track("Anna", "Moon (Side A)"))
    ('anna|moon', 'anna|moonsidea')
    """
    return f"{credit_key(track.artist)}|{title_key(_main_title(track.title))}"


def track_artists(track: Track) -> tuple[str, ...]:
    """Normalised names of everybody in a track: its artists, then its remixers."""
    return tuple(dict.fromkeys((*artist_names(track.artist), *remixers(track.version))))


def _main_title(title: str) -> str:
    while (bracket := last_bracket(title)) and bracket.mark == "(":
        main, said = title[: bracket.start].rstrip(), words(bracket.text)
        numbered = any(char.isdigit() for char in bracket.text) or len("".join(said)) < 4
        if "".join(words(main)) in _NO_TITLE_ALONE or _PIECE & set(said) or numbered:
            break
        title = main
    return title
