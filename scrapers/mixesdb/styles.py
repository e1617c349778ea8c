"""Which categories of a MixesDB page are styles of music."""

from __future__ import annotations

import re
from collections.abc import Iterable

_STYLES = frozenset(
    name.strip()
    for name in """
    2 step, abstract, acid, acid house, acid jazz, afro, afro house, afrobeat, ambient, balearic,
    baltimore club, bass, bass music, bassline, big beat, blues, boogie, breakbeat, breakcore,
    breaks, broken beat, chicago house, chill out, classical, club, dancehall, dark ambient,
    deep house, deep tech house, deep techno, detroit techno, disco, downtempo, drone, drum & bass,
    dub, dub techno, dubstep, ebm, electro, electro house, electroclash, electronica, eurodance,
    experimental, field recordings, folk, footwork, freestyle, french house, funk, funky house,
    future garage, future jazz, gabber, ghetto, ghetto house, ghetto tech, goa, gospel, gqom, grime,
    hard house, hard techno, hard trance, hardcore, hardstyle, hi-nrg, hip hop, house, idm, indie,
    industrial, italo disco, jazz, juke, jungle, krautrock, latin, latin house, leftfield, lounge,
    mash up, mashup, melodic techno, metal, minimal, minimal techno, moombahton, neo soul,
    new wave, noise, nu disco, nu jazz, old school, oldschool, organic house, pop, post punk,
    post-dubstep, post-punk, progressive, progressive house, progressive trance, psychedelic,
    psytrance, punk, ragga, rare groove, rave, reggae, reggaeton, rnb, rock, schranz, soul,
    soulful house, soundtrack, spoken word, synth pop, synth-pop, synthwave, tech house,
    tech trance, techno, trance, trap, tribal, tribal house, trip hop, tropical, turntablism,
    uk bass, uk funky, uk garage, various, vocal house, vocal trance, wave, world
    """.replace("\n", " ").split(",")
)


def styles_of(categories: Iterable[str]) -> tuple[str, ...]:
    """Names among `categories` that are styles, in the page's order.

    Leave the DJs' categories out: "Leftfield" is a style and an act.
    """
    return tuple(name for name in categories if _style(name) in _STYLES)


def _style(name: str) -> str:
    """Name for looking up: "House (Old School)" is a kind of house, "Goa (Rome)" a club."""
    return re.sub(r"\s*\(old school\)$", "", name.casefold())
