"""The Robots Exclusion Protocol, as RFC 9309 has it.

The standard library's ``urllib.robotparser`` takes the first rule that fits and
knows no wildcards, so ``Disallow: /*?action=``, which wikis write, would go
unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote

RULES = ("allow", "disallow", "crawl-delay")


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``Allow`` or ``Disallow`` line."""

    allow: bool
    pattern: str

    def fits(self, path: str) -> bool:
        """Whether the pattern matches the start of `path`."""
        body, end = self.pattern.removesuffix("$"), r"\Z" if self.pattern.endswith("$") else ""
        wanted = ".*".join(re.escape(unquote(part)) for part in re.split(r"\*+", body))
        return re.match(wanted + end, path, re.DOTALL) is not None


@dataclass(frozen=True, slots=True)
class Robots:
    """What one site asks of one robot.

    Parameters
    ----------
    rules : tuple of Rule
        The rules of the group that speaks to the robot, in the file's order.
    crawl_delay : float
        Seconds the site wants between two requests; 0 when it does not say.
    """

    rules: tuple[Rule, ...] = ()
    crawl_delay: float = 0.0

    @classmethod
    def parse(cls, text: str, agent: str) -> Robots:
        """Read a ``robots.txt``.

        Parameters
        ----------
        text : str
            The file; lines that make no sense are passed over, as the RFC asks.
        agent : str
            User agent of the robot; its product token ("Segue" of "Segue/0.1
            (...)") chooses the group, or else ``*`` does.
        """
        product = re.match(r"[A-Za-z_-]*", agent)
        token = product.group().casefold() if product else ""
        groups = _groups(text)
        mine = [g for g in groups if token in g.agents] or [g for g in groups if "*" in g.agents]
        rules = [
            Rule(name == "allow", value)
            for group in mine
            for name, value in group.lines
            if name != "crawl-delay" and value
        ]
        delays = [
            _seconds(value)
            for group in mine
            for name, value in group.lines
            if name == "crawl-delay"
        ]
        return cls(tuple(rules), max(delays, default=0.0))

    def allows(self, path: str) -> bool:
        """Whether `path` (with its query) may be read: the longest rule decides, then Allow."""
        path = unquote(path)
        fitting = [(len(rule.pattern), rule.allow) for rule in self.rules if rule.fits(path)]
        return max(fitting, default=(0, True))[1]


@dataclass(slots=True)
class _Group:
    agents: set[str] = field(default_factory=set)
    lines: list[tuple[str, str]] = field(default_factory=list)


def _groups(text: str) -> list[_Group]:
    groups: list[_Group] = []
    for line in text.removeprefix("\ufeff").splitlines():
        name, colon, value = line.split("#", 1)[0].partition(":")
        name, value = name.strip().casefold(), value.strip()
        if not colon:
            continue
        if name == "user-agent":
            # Agent lines that follow each other head one group together.
            if not groups or groups[-1].lines:
                groups.append(_Group())
            groups[-1].agents.add(value.split("/")[0].casefold())
        elif name in RULES and groups:
            groups[-1].lines.append((name, value))
    return groups


def _seconds(value: str) -> float:
    return float(value) if re.fullmatch(r"\d+(\.\d+)?", value) else 0.0
