"""Two invented scenes whose DJs never play each other's records."""

from __future__ import annotations

from tests.hybrid.small import heard

# Two scenes: nine sets of one, nine of the other; nobody plays both.
NIGHT = ["Mara - One [Quay]", "Otto - Two [Quay]", "Fjord - Three", "Hexa - Four", "Mara - Five"]
DAY = ["Aster - Nine [Brink]", "Brim - Ten", "Cove - Eleven", "Dune - Twelve", "Aster - Thirteen"]
ROUNDS = [(0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 0), (4, 0, 1), (0, 2, 4), (1, 3, 0), (2, 4, 1)]
SETS = [
    heard(
        f"{name} {n}",
        *(scene[i] for i in order),
        f"{name} {n} - Only here {n}",
        f"{name} {n} - Nor there {n}",
        date=f"20{10 + n}-01-01",
        djs=(f"DJ {name}",),
    )
    for n, order in enumerate(ROUNDS)
    for name, scene in (("Night", NIGHT), ("Day", DAY))
]
