"""What is the same track on Spotify and what is not: a table of cases with their answers.

Every row was labelled by hand before the code was written that has to agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from data.identity import parse_track
from data.records import OutsideId, OutsideTrack, Track


@dataclass(frozen=True, slots=True)
class There:
    """A track on Spotify, as short as a table wants it."""

    artists: str  # with "; " between them, because names hold commas
    title: str
    duration_s: float | None = 400.0
    isrc: str = ""
    album: str = "Some Album"

    def track(self, ident: str) -> OutsideTrack:
        return OutsideTrack(
            "spotify",
            ident,
            tuple(self.artists.split("; ")),
            self.title,
            self.isrc,
            self.duration_s,
            self.album,
            link=f"https://open.spotify.com/track/{ident}",
        )


@dataclass(frozen=True, slots=True)
class Case:
    """What the DJ has, what Spotify has, and what a person would say.

    `right` counts the tracks of Spotify from 0; None where none of them may be taken as it.
    A doubtful one must have the right one first if there is one.
    """

    about: str
    ours: str
    there: tuple[There, ...]
    state: Literal["matched", "doubtful", "missing"]
    right: int | None = None
    duration_s: float | None = None
    isrc: str = ""

    def track(self) -> Track:
        track = parse_track(self.ours)
        assert isinstance(track, Track), self.ours
        ids = (OutsideId("isrc", self.isrc, "file"),) if self.isrc else ()
        return Track(track.artist, track.title, track.version, track.label, ids=ids)

    def on_spotify(self) -> list[OutsideTrack]:
        return [there.track(f"{number:022d}") for number, there in enumerate(self.there)]


def case(
    about: str,
    ours: str,
    *there: There,
    state: Literal["matched", "doubtful", "missing"] = "matched",
    right: int | None = -1,
    duration_s: float | None = None,
    isrc: str = "",
) -> Case:
    if right == -1:
        right = 0 if state == "matched" else None
    return Case(about, ours, there, state, right, duration_s, isrc)


A, B = "QZXXX2400001", "QZXXX2400002"

PLAIN = (
    case("the very same", "Orla Kest - Lantern", There("Orla Kest", "Lantern")),
    case("another title", "Orla Kest - Lantern", There("Orla Kest", "Harbour"), state="missing"),
    case("another artist", "Orla Kest - Lantern", There("Bram Tully", "Lantern"), state="missing"),
    case("nothing there", "Orla Kest - Lantern", state="missing"),
    case("case and accents", "ÓRLA KEST - Läntern", There("Orla Kest", "Lantern")),
    case("an apostrophe is any", "Orla Kest - Don’t Go Home", There("Orla Kest", "Don't Go Home")),
    case("a missing g", "Orla Kest - Movin Slowly", There("Orla Kest", "Moving Slowly")),
    case("a leading The", "The Kest Brothers - Lantern", There("Kest Brothers", "Lantern")),
    case("DJ in front", "DJ Kestrel - Lantern", There("Kestrel", "Lantern")),
    case("& or and", "Orla & Bram - Lantern", There("Orla and Bram", "Lantern")),
    case("Cyrillic", "Ольга Кест - Фонарь", There("Ольга Кест", "Фонарь")),
    case("Japanese", "灯台守 - 夜の海", There("灯台守", "夜の海")),
    case("decomposed letters", "Bjo\u0308rn Tully - No\u0308rd", There("Björn Tully", "Nörd")),
    case("a name of symbols", "+/- - ###", There("+/-", "###")),
    case("part two is not part one", "Orla Kest - Lantern Pt. 2",
         There("Orla Kest", "Lantern, Pt. 1"), state="missing"),
    case("part two in other words", "Orla Kest - Lantern Part II",
         There("Orla Kest", "Lantern, Pt. 2")),
    case("a number is another track", "Orla Kest - Study 11",
         There("Orla Kest", "Study 12"), state="missing"),
)  # fmt: skip

ARTISTS = (
    case("the order of artists", "Bram Tully & Orla Kest - Lantern",
         There("Orla Kest; Bram Tully", "Lantern")),
    case("a comma for an ampersand", "Orla Kest, Bram Tully - Lantern",
         There("Orla Kest & Bram Tully", "Lantern")),
    case("a duo is one artist there", "Kest & Tully - Lantern", There("Kest & Tully", "Lantern")),
    case("x for an ampersand", "Orla Kest x Bram Tully - Lantern",
         There("Orla Kest; Bram Tully", "Lantern")),
    case("a guest in our artist", "Orla Kest feat. Mina Rau - Lantern",
         There("Orla Kest; Mina Rau", "Lantern")),
    case("a guest in our title", "Orla Kest - Lantern (feat. Mina Rau)",
         There("Orla Kest; Mina Rau", "Lantern")),
    case("a guest in their title", "Orla Kest feat. Mina Rau - Lantern",
         There("Orla Kest", "Lantern (feat. Mina Rau)")),
    case("a guest in their title only", "Orla Kest - Lantern",
         There("Orla Kest; Mina Rau", "Lantern (feat. Mina Rau)")),
    case("a guest in square brackets", "Orla Kest - Lantern",
         There("Orla Kest; Mina Rau", "Lantern [feat. Mina Rau]")),
    case("a guest that they leave out", "Orla Kest feat. Mina Rau - Lantern",
         There("Orla Kest", "Lantern")),
    case("the remixer among the artists", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest; Bram Tully", "Lantern - Bram Tully Remix")),
    case("the remixer stands among the artists only", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest; Bram Tully", "Lantern - Remix")),
    case("somebody more, and nothing says who", "Orla Kest - Lantern",
         There("Orla Kest; Bram Tully", "Lantern"), state="doubtful", right=0),
    case("somebody more, but it lasts the same", "Orla Kest - Lantern",
         There("Orla Kest; Bram Tully", "Lantern", 401), duration_s=400),
    case("somebody less", "Orla Kest & Bram Tully - Lantern",
         There("Orla Kest", "Lantern"), state="doubtful", right=0),
    case("who presents counts for nothing", "Bram Tully pres. The Gulls - Lantern",
         There("The Gulls", "Lantern")),
    case("who presents stands beside", "Bram Tully pres. The Gulls - Lantern",
         There("Bram Tully; The Gulls", "Lantern")),
    case("a country behind the name", "Gull (UK) - Lantern", There("Gull", "Lantern")),
    case("one letter makes another artist", "Simona - Lantern",
         There("Simone", "Lantern"), state="missing"),
    case("a slip of the pen, and it lasts the same", "Orla Kestt - Lantern",
         There("Orla Kest", "Lantern", 400), duration_s=400),
    case("a slip of the pen, and nothing else speaks", "Orla Kestt - Lantern",
         There("Orla Kest", "Lantern"), state="doubtful", right=0),
    case("karaoke", "Orla Kest - Lantern",
         There("Singalong Stars", "Lantern (Originally Performed by Orla Kest) [Karaoke Version]"),
         state="missing"),
    case("a tribute", "Orla Kest - Lantern",
         There("The Kest Tribute Band", "Lantern"), state="missing"),
    case("a cover by name", "Orla Kest - Lantern",
         There("Cover Crew", "Lantern (Orla Kest Cover)"), state="missing"),
    case("karaoke in her own name", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Karaoke Version"), state="missing"),
    case("made famous by", "Orla Kest - Lantern",
         There("Orla Kest Hits", "Lantern (Made Famous by Orla Kest)"), state="missing"),
    case("a band called Cover", "Cover Me Twice - Lantern", There("Cover Me Twice", "Lantern")),
    case("karaoke beside the real one", "Orla Kest - Lantern",
         There("Singalong Stars", "Lantern"), There("Orla Kest", "Lantern"), right=1),
    case("an artist named like the title", "Lantern - Lantern",
         There("Lantern", "Lantern - Bram Tully Remix"), There("Lantern", "Lantern"), right=1),
)  # fmt: skip

VERSIONS = (
    case("Original Mix is no version", "Orla Kest - Lantern (Original Mix)",
         There("Orla Kest", "Lantern")),
    case("Original Mix there", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Original Mix")),
    case("a remix is not the original", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Bram Tully Remix"), state="missing"),
    case("the original is no remix", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern"), state="missing"),
    case("of both, the remix", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern"), There("Orla Kest", "Lantern - Bram Tully Remix"), right=1),
    case("another's remix", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern - Mina Rau Remix"), state="missing"),
    case("Mix for Remix", "Orla Kest - Lantern (Bram Tully Mix)",
         There("Orla Kest", "Lantern - Bram Tully Remix")),
    case("Rework for Re-Edit", "Orla Kest - Lantern (Bram Tully Re-Edit)",
         There("Orla Kest", "Lantern - Bram Tully Rework")),
    case("his edit is maybe not his remix", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern - Bram Tully Edit"), state="doubtful", right=0),
    case("his dub is not his remix", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern - Bram Tully Dub"), state="missing"),
    case("a remix cut for the radio", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern - Bram Tully Remix Radio Edit", 200),
         There("Orla Kest", "Lantern - Bram Tully Remix", 401), right=1, duration_s=400),
    case("the remixer's name with a slip, of the same length",
         "Orla Kest - Lantern (Bram Tullly Remix)",
         There("Orla Kest", "Lantern - Bram Tully Remix", 400), duration_s=400),
    case("a remaster is the same", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - 2011 Remaster")),
    case("remastered, with a year behind", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Remastered 2011")),
    case("a remaster and a plain one", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Remastered"), There("Orla Kest", "Lantern"), right=1),
    case("live is another recording", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Live"), state="missing"),
    case("live at a place", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Live at the Docks"), state="missing"),
    case("live as asked for", "Orla Kest - Lantern (Live)", There("Orla Kest", "Lantern - Live")),
    case("a live album says it, its tracks do not", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", album="Live at the Docks"), state="doubtful", right=0),
    case("instrumental is another recording", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Instrumental", 400), state="missing", duration_s=400),
    case("acapella is another recording", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern (Acapella)"), state="missing"),
    case("acoustic is another recording", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Acoustic"), state="missing"),
    case("sped up is another recording", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Sped Up"), state="missing"),
    case("a club mix is another production", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Club Mix"), state="missing"),
    case("a club mix of the same length may be it", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Club Mix", 401), state="doubtful", right=0, duration_s=400),
    case("a vocal mix", "Orla Kest - Lantern (Vocal Mix)",
         There("Orla Kest", "Lantern - Dub Mix"), There("Orla Kest", "Lantern - Vocal Mix"),
         right=1),
    case("a VIP", "Orla Kest - Lantern (VIP)", There("Orla Kest", "Lantern - VIP Mix")),
    case("a bare Remix of nobody", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Remix"), state="missing"),
    case("two dashes", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern - Bram Tully Remix - Remastered")),
    case("a version in brackets and a guest", "Orla Kest feat. Mina Rau - Lantern (Dub Mix)",
         There("Orla Kest; Mina Rau", "Lantern (feat. Mina Rau) [Dub Mix]")),
    case("a version that nobody knows in brackets", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern (From the Film \"Docks\")"), state="doubtful", right=0),
    case("a subtitle, and it lasts the same", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern (All I See)", 400), duration_s=400),
    case("an interlude is no subtitle", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern (Interlude)", 60), state="doubtful", duration_s=400),
    case("another composer's same words", "Orla Kest - Lantern",
         There("Orla Kest", "Lanterns Of The Sea"), state="missing"),
)  # fmt: skip

COPIES = (
    case("the extended mix is what DJs play", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Extended Mix")),
    case("a radio edit for the original is doubtful", "Orla Kest - Lantern (Original Mix)",
         There("Orla Kest", "Lantern - Radio Edit", 190), state="doubtful", right=0),
    case("a radio edit that lasts the same is it", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Radio Edit", 190), duration_s=191),
    case("the extended one is asked for and there", "Orla Kest - Lantern (Extended Mix)",
         There("Orla Kest", "Lantern - Radio Edit", 190),
         There("Orla Kest", "Lantern - Extended Mix", 400), right=1),
    case("the extended one is asked for, only a radio edit is there",
         "Orla Kest - Lantern (Extended Mix)",
         There("Orla Kest", "Lantern - Radio Edit", 190), state="doubtful", right=0),
    case("the extended one is asked for, a plain one is there",
         "Orla Kest - Lantern (Extended Mix)",
         There("Orla Kest", "Lantern"), state="doubtful", right=0),
    case("the radio edit is asked for", "Orla Kest - Lantern (Radio Edit)",
         There("Orla Kest", "Lantern - Extended Mix", 400),
         There("Orla Kest", "Lantern - Radio Edit", 190), right=1),
    case("plain before extended where no length is known", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Extended Mix", 400), There("Orla Kest", "Lantern", 240),
         right=1),
    case("the length says which copy", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", 240), There("Orla Kest", "Lantern - Extended Mix", 400),
         right=1, duration_s=399),
    case("three seconds are nothing", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", 403), duration_s=400),
    case("four seconds are a doubt", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", 404), state="doubtful", right=0, duration_s=400),
    case("half the length is a doubt", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", 200), state="doubtful", right=0, duration_s=400),
    case("a cut from a DJ mix", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Mixed"), state="doubtful", right=0),
    case("a cut from a DJ mix of the same length", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern (Mixed)", 400), state="doubtful", right=0, duration_s=400),
    case("a remix cut from a DJ mix", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern - Bram Tully Remix - Mixed"), state="doubtful", right=0),
    case("a DJ mix by its album's name", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", album="Dock Nights (DJ Mix)"), state="doubtful", right=0),
    case("the whole one beside the cut", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Mixed"), There("Orla Kest", "Lantern"), right=1),
    case("the same on an album and a single", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", 402), There("Orla Kest", "Lantern", 400, album="Lantern"),
         right=1, duration_s=400),
    case("a title with a slip, of the same length", "Orla Kest - Undercurents",
         There("Orla Kest", "Undercurrents", 400), duration_s=400),
    case("a title with a slip, of unknown length", "Orla Kest - Undercurents",
         There("Orla Kest", "Undercurrents"), state="doubtful", right=0),
    case("no length there", "Orla Kest - Lantern", There("Orla Kest", "Lantern", None),
         duration_s=400),
)  # fmt: skip

ISRCS = (
    case("the ISRC leads to it", "Orla Kest - Lantern", There("Orla Kest", "Lantern", isrc=A),
         isrc=A),
    case("the ISRC and somebody more", "Orla Kest - Lantern",
         There("Orla Kest; Bram Tully", "Lantern", isrc=A), isrc=A),
    case("the ISRC and a title with a slip", "Orla Kest - Undercurents",
         There("Orla Kest", "Undercurrents", isrc=A), isrc=A),
    case("a remix with the original's ISRC", "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern", isrc=A),
         There("Orla Kest", "Lantern - Bram Tully Remix", isrc=B), right=1, isrc=A),
    case("the original's ISRC, and the remix is not there",
         "Orla Kest - Lantern (Bram Tully Remix)",
         There("Orla Kest", "Lantern", isrc=A), state="missing", isrc=A),
    case("the ISRC of something else", "Orla Kest - Lantern",
         There("Bram Tully", "Harbour", isrc=A), There("Orla Kest", "Lantern", isrc=B),
         right=1, isrc=A),
    case("only the ISRC of something else", "Orla Kest - Lantern",
         There("Bram Tully", "Harbour", isrc=A), state="missing", isrc=A),
    case("the ISRC, the same artist and another title", "Orla Kest - Lantern",
         There("Orla Kest", "Laterne", isrc=A), state="doubtful", right=0, isrc=A),
    case("the ISRC, another script and the same length", "Ольга Кест - Фонарь",
         There("Olga Kest", "Fonar", 400, A), state="doubtful", right=0, duration_s=400, isrc=A),
    case("the ISRC with another length", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", 200, A), state="doubtful", right=0, duration_s=400, isrc=A),
    case("the ISRC of a radio edit, and the one that lasts as long",
         "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Radio Edit", 200, A),
         There("Orla Kest", "Lantern", 400, B), right=1, duration_s=400, isrc=A),
    case("the ISRC's karaoke", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - Karaoke", isrc=A), state="missing", isrc=A),
    case("the ISRC twice, on single and album", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern", 380, A), There("Orla Kest", "Lantern", 400, A), right=1,
         duration_s=400, isrc=A),
    case("the ISRC's remaster", "Orla Kest - Lantern",
         There("Orla Kest", "Lantern - 2011 Remaster", isrc=A), isrc=A),
)  # fmt: skip

CASES = PLAIN + ARTISTS + VERSIONS + COPIES + ISRCS
