"""Whether a track of Spotify is the one that is meant: what speaks for it, what against it.

A name alone decides only where it agrees word for word. What a slip of the pen, a subtitle or
somebody more among the artists leave open, the length or the ISRC decides; where neither is
known, a person does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from data.identity import artist_names, search_text, work_key, written_names
from data.identity.artists import credit_key
from data.identity.text import title_key, word_set
from data.identity.versions import remixers, version_key
from data.records import OutsideTrack, Track, Unidentified
from hybrid.spotify.names import as_track

SAME_LENGTH_S = 3.0
"""Two lengths of one recording differ by no more: services and decoders cut silence."""

Verdict = Literal["same", "doubt", "version", "other"]

_SLIP = 90
"""Likeness from which two names may be one with a slip of the pen: one letter of ten."""
_SHORTEST_SLIP = 6  # characters; "Bo" and "Jo" are two people

# Somebody else plays it, or one is to sing to it.
_COPYIST = re.compile(
    r"\b(?:karaoke|tribute|sing[- ]?along|backing track|made (?:famous|popular) by"
    r"|(?:originally )?performed by|in the style of|covered by|cover version)\b"
    r"|\bcover\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_DJ_MIX = re.compile(r"\b(?:dj[- ]mix|mixed by|continuous (?:dj )?mix|\(mixed\))", re.IGNORECASE)
_LIVE_ALBUM = re.compile(r"\blive (?:at|in|from|on)\b|[(\[]live[)\]]", re.IGNORECASE)
_MIXED = re.compile(r"\bmixed\b(?! by)|\bmix cut\b", re.IGNORECASE)
# Words of a bracket that `data.identity` takes for a subtitle, and that name another recording.
_ANOTHER = word_set(
    "acoustic unplugged sped slowed nightcore orchestral orchestra piano stripped reverb "
    "rehearsal lullaby 8d commentary karaoke"
)
_SHORT = word_set("radio single short 7 7inch")
_LONG = word_set("extended full long 12 12inch")
# Words for versions that lists use for one another, or leave out.
_LOOSE = word_set("edit mix club special exclusive unreleased dubplate promo")


@dataclass(frozen=True, slots=True)
class Length:
    """How two lengths compare; `differs` and `agrees` are both False where one is unknown."""

    ours: float | None
    theirs: float | None

    @property
    def apart(self) -> float:
        """Seconds between the two; infinite where one is unknown."""
        if self.ours is None or self.theirs is None:
            return float("inf")
        return abs(self.ours - self.theirs)

    @property
    def agrees(self) -> bool:
        """Whether it may be the same recording, by this."""
        return self.apart <= SAME_LENGTH_S

    @property
    def differs(self) -> bool:
        """Whether it may not."""
        return SAME_LENGTH_S < self.apart < float("inf")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A track of Spotify, and whether it is the one that is meant.

    Parameters
    ----------
    track : OutsideTrack
    verdict : {"same", "doubt", "version", "other"}
        ``"version"`` is another version of the same work.
    score : float
        0 to 1, to order those of one verdict by; no chance of being right.
    why : str
        What speaks against it, in sentences; empty where nothing does.
    """

    track: OutsideTrack
    verdict: Verdict
    score: float
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Finding:
    """What one comparison found: how much it takes from the score, and what it says of it.

    `settled` by the length or the ISRC, a doubt costs its score and is not told.
    """

    verdict: Verdict = "same"
    cost: float = 0.0
    why: str = ""

    def settled(self, by: bool) -> _Finding:
        return _Finding("same", self.cost) if by and self.verdict == "doubt" else self


_FINE = _Finding()


def judge(
    track: Track, duration_s: float | None, found: OutsideTrack, *, said: bool = False
) -> Candidate:
    """Compare a track of Spotify with the one that is meant.

    Parameters
    ----------
    track : Track
        The one that is meant; an ISRC among its ids counts.
    duration_s : float or None
        Its length, if a file or the DJ's software says it.
    found : OutsideTrack
    said : bool
        Whether some source said that it is this very track of Spotify. That counts as much as
        an ISRC, which is to say, not against its name.

    Examples
    --------
    >>> moon = Track("Anna", "Moon", "Bo Remix")
    >>> judge(moon, None, OutsideTrack("spotify", "x", ("Anna",), "Moon - Bo Remix")).verdict
    'same'
    >>> judge(moon, None, OutsideTrack("spotify", "x", ("Anna",), "Moon")).verdict
    'version'
    """
    theirs = as_track(found)
    if isinstance(theirs, Unidentified) or _is_copied(track, found):
        return Candidate(found, "other", 0.0)
    length = Length(duration_s, found.duration_s)
    sure = said or any(i.scheme == "isrc" and i.value == found.isrc for i in track.ids if i.value)
    artists = _artists(track, theirs, found).settled(length.agrees or sure)
    title = _title(track, theirs).settled(length.agrees or sure)
    version = _version(track, theirs, found, length)
    verdict = _together(artists, title, version, sure=sure, lasts=length.agrees)
    findings = [artists, title, version]
    if verdict in {"same", "doubt"}:
        findings += [
            _copy(track, theirs, length, sure),
            _length(length),
            _album(found, length, sure),
        ]
        verdict = "doubt" if any(f.verdict != "same" for f in findings) else "same"
    score = max(0.0, 1.0 - sum(finding.cost for finding in findings))
    why = " ".join(finding.why for finding in findings if finding.why)
    return Candidate(found, verdict, round(score, 3), why)


def _is_copied(track: Track, found: OutsideTrack) -> bool:
    """Whether somebody plays it in another's place, or without the singer, and ours does not."""
    named = _COPYIST.search(f"{found.artist} {found.title}") or "karaoke" in found.album.lower()
    return bool(named) and not _COPYIST.search(str(track))


def _together(
    artists: _Finding, title: _Finding, version: _Finding, *, sure: bool, lasts: bool
) -> Verdict:
    strange = [finding.verdict == "other" for finding in (artists, title)]
    # An ISRC is wrong more often than artist and title are both written in another script.
    if (all(strange) and not (sure and lasts)) or (any(strange) and not sure):
        return "other"
    if version.verdict != "same":
        return version.verdict
    return "doubt" if any(f.verdict != "same" for f in (artists, title)) else "same"


def _artists(track: Track, theirs: Track, found: OutsideTrack) -> _Finding:
    """Compare who it is by; guests, remixers and who only presents may be left out."""
    ours_lead, theirs_lead = _lead(track.artist), _lead(theirs.artist)
    ours = {*ours_lead, *artist_names(track.artist), *remixers(track.version)}
    all_theirs = {*theirs_lead, *artist_names(theirs.artist), *remixers(theirs.version)}
    for artist in found.artists:
        all_theirs |= {*_lead(artist), *artist_names(artist)}
    missing = [name for name in ours_lead if name not in all_theirs]
    more = [name for name in theirs_lead if name not in ours]
    slips = [(a, b) for a in missing for b in more if _slip(a, b)]
    missing = [name for name in missing if name not in {a for a, _ in slips}]
    more = [name for name in more if name not in {b for _, b in slips}]
    if len(missing) == len(ours_lead):
        return _Finding("other", 0.5, f"It is by {found.artist}.")
    if missing:
        names = written_names(track.artist)
        said = ", ".join(names.get(name, name) for name in missing)
        return _Finding("doubt", 0.15, f"It does not name {said}.")
    if more:
        said = ", ".join(a for a in found.artists if set(_lead(a)) & set(more)) or found.artist
        return _Finding("doubt", 0.06, f"It also names {said}.")
    if slips:
        return _Finding("doubt", 0.08, f"Its artist is written {found.artist}.")
    return _FINE


def _lead(credit: str) -> list[str]:
    return credit_key(credit).split("&")


def _title(track: Track, theirs: Track) -> _Finding:
    ours_key, their_key = title_key(track.title), title_key(theirs.title)
    if ours_key == their_key:
        return _FINE
    mine, its = set(search_text(track.title).split()), set(search_text(theirs.title).split())
    if (mine ^ its) & _ANOTHER:
        return _Finding("other", 0.5, f"It is {theirs.title}.")
    named = f"Its title is {theirs.title}."
    if _work(track) == _work(theirs):
        return _Finding("doubt", 0.1, named)
    if _slip(ours_key, their_key):
        return _Finding("doubt", 0.08, named)
    return _Finding("other", 0.5, named)


def _work(track: Track) -> str:
    return work_key(track).rpartition("|")[2]


def _version(track: Track, theirs: Track, found: OutsideTrack, length: Length) -> _Finding:
    ours_key, their_key = version_key(track.version), version_key(theirs.version)
    if ours_key == their_key:
        return _FINE
    (our_people, our_kinds), (their_people, their_kinds) = _parts(track), _parts(theirs)
    named = f"It is the {theirs.version}." if theirs.version else "It is the original."
    other, near = _Finding("version", 0.4, named), _Finding("doubt", 0.2, named)
    artists = {name for artist in found.artists for name in (*_lead(artist), *artist_names(artist))}
    if their_key == "mix" and our_people and not our_kinds and our_people <= artists:
        return _FINE  # "Moon - Remix" by Anna and Bo
    if our_people == their_people:
        loose = our_kinds ^ their_kinds <= _LOOSE - ({"mix"} if not our_people else frozenset())
        return near if loose and (our_people or length.agrees) else other
    if our_kinds != their_kinds:
        return other
    if _slip(ours_key, their_key):
        return _Finding("doubt", 0.08, named).settled(length.agrees)
    return near if _short_form(our_people, their_people) else other


def _parts(track: Track) -> tuple[set[str], set[str]]:
    """Return who made a version, and which kinds of version it is."""
    key = version_key(track.version)
    whole = set(key.split("+")) if key else set()
    makers = set(remixers(track.version))
    people = {part for part in whole if part.rstrip("0123456789") in makers or part in makers}
    return people, whole - people


def _short_form(ours: set[str], theirs: set[str]) -> bool:
    """Whether one writes the remixer's last name only."""
    if len(ours) != 1 or len(theirs) != 1:
        return False
    short, long = sorted((*ours, *theirs), key=len)
    return len(short) >= 4 and long.endswith(short)


def _copy(track: Track, theirs: Track, length: Length, sure: bool) -> _Finding:
    """Compare which copy of the recording it is: cut short, extended, or cut from a mix."""
    if _MIXED.search(theirs.version) and not _MIXED.search(track.version):
        return _Finding("doubt", 0.3, "It is a cut from a DJ mix.")
    ours_kind, their_kind = _kind(track), _kind(theirs)
    if ours_kind == their_kind:
        plain = bool(search_text(theirs.version)) == bool(search_text(track.version))
        return _FINE if plain else _Finding(cost=0.01)
    if ours_kind == "plain" and their_kind == "long":
        return _Finding(cost=0.03)  # the original mix, as DJs play it
    said = f"It is the {theirs.version}." if theirs.version else f"It is no {track.version}."
    settled = length.agrees or length.differs or sure  # a length that differs is told of itself
    return _Finding("doubt", 0.12, said).settled(settled)


def _kind(track: Track) -> Literal["short", "long", "plain"]:
    words = set(search_text(track.version.replace('"', " inch")).split())
    if words & _SHORT:
        return "short"
    return "long" if words & _LONG else "plain"


def _length(length: Length) -> _Finding:
    if length.differs and length.theirs is not None and length.ours is not None:
        cost = min(0.3, 0.1 + length.apart / 600)
        said = f"It lasts {_clock(length.theirs)}, yours {_clock(length.ours)}."
        return _Finding("doubt", cost, said)
    return _FINE if length.agrees else _Finding(cost=0.02)


def _album(found: OutsideTrack, length: Length, sure: bool) -> _Finding:
    settled = length.agrees or sure
    if _DJ_MIX.search(found.album):
        return _Finding("doubt", 0.2, f"It is on {found.album}.").settled(settled)
    if _LIVE_ALBUM.search(found.album) and not _LIVE_ALBUM.search(found.title):
        return _Finding("doubt", 0.2, f"It is on {found.album}.").settled(settled)
    return _FINE


def _slip(one: str, other: str) -> bool:
    """Whether two keys differ by a slip of the pen; another number is none."""
    if one == other or min(len(one), len(other)) < _SHORTEST_SLIP:
        return False
    digits = [[char for char in key if char.isdigit()] for key in (one, other)]
    return digits[0] == digits[1] and fuzz.ratio(one, other) >= _SLIP


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
