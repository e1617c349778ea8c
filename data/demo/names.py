"""The invented people, labels, places and words of the demo crate.

Every name here is made up. They were compared with the real tracklists that Segue is
measured on, where none of them occurs; any likeness to somebody real is chance.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: who makes its music, who releases it and how its titles sound."""

    style: str
    labels: tuple[str, ...]
    artists: tuple[str, ...]
    first_words: tuple[str, ...]
    last_words: tuple[str, ...]
    versions: tuple[str, ...]


def _names(text: str) -> tuple[str, ...]:
    return tuple(" ".join(name.split()) for name in text.split(","))


SCENES: tuple[Scene, ...] = (
    Scene(
        style="Techno",
        labels=_names("Girder & Rust, Ninth Substation, Kaltwerk Süd, Pressure Valve Recordings"),
        artists=_names(
            """Torvald Brekke, Hexbolt & Daughters, Ines Karvonen, Furnace Choir, Mauerwerk 7,
            Quill & Anvil, Dariusz Wolnik, Slagheap, Yuna Takemori, Vantablock, Petra Ohm, Zinkgrau,
            Ossian Relay, Lisbet Haugland, Corrodium Nine, The Night Shift Union, Bruno Castelnau,
            Tarmac Saint, Elif Demirsoy, Nulljahr"""
        ),
        first_words=_names(
            """Concrete, Rotor, Iron, Shift, Blackout, Turbine, Pressure, Static, Kiln, Furnace,
            Girder, Voltage, Tunnel, Piston, Carbon, Grid, Signal, Factory, Rust, Anvil"""
        ),
        last_words=_names(
            """Protocol, Lullaby, Descent, Cathedral, Assembly, Fatigue, Ritual, Border, Machine,
            Sermon, Escalator, Memory, Hypothesis, Perimeter, Weather, Doctrine"""
        ),
        versions=("Remix", "Warehouse Mix", "Rework", "Dub"),
    ),
    Scene(
        style="House",
        labels=_names("Peach Cellar, Sunday Elevator, Corner Store Grooves, Papaya Motel"),
        artists=_names(
            """Delroy Fontaine-Bright, Mango Parliament, Cassia Bloom, The Laundromat Boys,
            Otis Perrywinkle, Nonna Disco, Jules Okonjo-Hart, Soft Parade Athletics, Rosa Valdivia,
            Lemonade Tribunal, Kwame Lanterns, Pillow Fort Committee, Marcelline Dupree,
            Uncle Fernando, Butterscotch Police, Thandi Mabuza-Cole, Slow Elevator, Gigi Montrose,
            Biscuit Theory, Café Insomnia"""
        ),
        first_words=_names(
            """Sugar, Velvet, Sunday, Golden, Honey, Peach, Midnight, Papaya, Satin, Corner, Butter,
            Summer, Lemon, Cellar, Rooftop, Kitchen, Cinnamon, Rumour, Ribbon, Telephone"""
        ),
        last_words=_names(
            """Therapy, Groove, Affair, Telegram, Staircase, Promises, Parade, Sunrise, Neighbours,
            Gossip, Carousel, Medicine, Holiday, Confession, Laundry, Postcards"""
        ),
        versions=("Remix", "Dub Mix", "Club Mix", "Re-Edit"),
    ),
    Scene(
        style="Drum & Bass",
        labels=_names("Undertow Physics, Badger Audio, Halfpipe Thunder, Lowland Frequency Trust"),
        artists=_names(
            """Kestrel Protocol, Muddy Vector, Nadia Thorngate, Badger & Flume, Rollerdisco Ghost,
            Subsoil Bureau, Jonah Reyes-Whitlock, Tidewrecker, Amber Pascoe, Grimsby Orbital,
            Fennec Unit, Dr. Lagoon, Marsh Gas, Shayla Quince, Wobblesmith, Hollow Kingdoms,
            Piper Dunmore, Stratocaster Owls, Errol Finch-Baptiste, Snare Ministry"""
        ),
        first_words=_names(
            """Undertow, Feral, Thunder, Badger, Marsh, Rapid, Hollow, Gravel, Comet, Lightning,
            Copper, Jungle, Delta, Panther, Ripple, Tremor, Kestrel, Riot, Swamp, Bandit"""
        ),
        last_words=_names(
            """Runner, Physics, Season, Warning, Kingdom, Manoeuvre, Dialect, Reload, Serpent,
            Distance, Tactics, Horizon, Alarm, Original, Dynasty, Roller"""
        ),
        versions=("Remix", "VIP", "Bootleg", "Halftime Mix"),
    ),
    Scene(
        style="Ambient",
        labels=_names(
            "Moss Index, Quiet Harbour Editions, Lichen Postal Service, Slow Glass Library"
        ),
        artists=_names(
            """Aino Leppäniemi, Fog Cartographers, Marit Solberg-Ross, The Tidal Library,
            Halcyon Moth, Iwan Prydderch, Linen & Salt, Oda Winterfeldt, Glasshouse Weather,
            Sora Mizushima, Paper Estuary, Benedikt Sól, Hush Almanac, Noémie Lacombe-Vale,
            Peat & Cloud, Lanternfish Choir, Anselm Rook, Driftwood Semaphore, Una McFarrelly,
            Very Distant Kitchens"""
        ),
        first_words=_names(
            """Moss, Pale, Lichen, Tidal, Paper, Winter, Slow, Glass, Distant, Fern, Snow, Harbour,
            Ember, Silver, Cloud, Linen, Lantern, Dawn, Salt, Whisper"""
        ),
        last_words=_names(
            """Estuary, Almanac, Meridian, Window, Lake, Orchard, Breathing, Archive, Lighthouse,
            Sleepers, Evening, Cartography, Solstice, Letters, Pasture, Aurora"""
        ),
        versions=("Remix", "Rework", "Beatless Mix", "Live"),
    ),
    Scene(
        style="Disco",
        labels=_names("Chandelier Wax, Roller Palace, Tropico Notturno, Mirrorball Customs"),
        artists=_names(
            """Gloria Vantini, The Polyester Embassy, Paolo Brillante, Chandelier Squad,
            Boogie Notary, Sabrina Del Lago, Captain Tambourine, Les Patineurs,
            Yolanda Sparks-Riviera, Champagne Plumbers, Sergio Lunare, Flamingo Tax Office,
            Dolores Wilde-Romero, Hotel Corfu, Mister Pantalon, The Glitter Apprentices,
            Ornella Bassi-Fume, Tropical Accountant, Discount Viking, Nino & The Night Buses"""
        ),
        first_words=_names(
            """Mirrorball, Champagne, Flamingo, Neon, Roller, Riviera, Sequin, Tropical, Chandelier,
            Cosmic, Diamond, Saturday, Glitter, Monaco, Pink, Feather, Limousine, Casino, Moonlit,
            Tambourine"""
        ),
        last_words=_names(
            """Fever Chart, Embassy, Seduction, Skates, Tonight, Romance, Boulevard, Escapade,
            Mirage, Cocktail, Rendezvous, Heartbeat, Ballroom, Jetset, Perfume, Fantasia"""
        ),
        versions=("Remix", "Re-Edit", '12" Mix', "Instrumental"),
    ),
    Scene(
        style="Electro",
        labels=_names("Robot Pension Fund, Cassette Lagoon, Photon Bureau, Vector Diner"),
        artists=_names(
            """Modulo Nine, Cassandra Voltz, Android Pensioner, Photon Clerk, Dee Sprocket,
            Lazer Bakery, Werner Kabelsalat, The Arpeggio Bureau, Binary Aunt, Orbit Repairman,
            Milo Circuitsson, Kaia Neonova, Pocket Sputnik, Console Widow, Retrograde Dentist,
            Ada Pixelmann, Telex Romance, Quartz Nephew, Synthia Moreau, Fax Machine Summer"""
        ),
        first_words=_names(
            """Robot, Photon, Laser, Modem, Pixel, Orbit, Vector, Cyber, Neutron, Circuit, Console,
            Binary, Quartz, Android, Sputnik, Cassette, Hologram, Dial-Up, Transistor, Satellite"""
        ),
        last_words=_names(
            """Romance, Clerk, Pension, Highway, Directive, Boogaloo, Malfunction, Diner, Aquarium,
            Syntax, Handshake, Lagoon, Breakdance, Bulletin, Ghost, Cosmonaut"""
        ),
        versions=("Remix", "Vocoder Mix", "Rework", "Instrumental"),
    ),
)

DJS = _names(
    """Marlow Vane, Ottilie Brandt, DJ Lunchbreak, Femi Castellan, Kasia Nightingale,
    Bas van Loon-Peters, Sister Turnstile, Rafi Goldleaf, Momo Hasegawa, Clementine Ashdown,
    Tall Gregor, Inky Patel, DJ Understudy, Soledad Rivas-Klein, Hank Ptarmigan, Wilhelmina Crush,
    Teodor Balkan-Smith, Low Ceilidh, Priya Undercurrent, Nils Afterglow, Mama Ravine, Casper Quell,
    Jojo Longitude, The Other Steve, Adaeze Moonrock, Lupo Marinetto, Second Hand Sven,
    Zelda Fairweather, Ruben Overpass, Ivy Backspin"""
)

SHOWS = _names(
    """Last Tram Radio, The Lost Property Hour, Basement Almanac, Fourth Floor Frequencies,
    Rain Delay Sessions, Left At The Lighthouse"""
)

VENUES = _names(
    """Club Perpendicular, The Boiling Teapot, Halle Neunzehn, Salón Murciélago,
    The Old Umbrella Factory, Pier 88½, Kino Saturn, Greenhouse Nights"""
)
