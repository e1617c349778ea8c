"""How quick the page is in a real browser: first paint, ready for typing, keystrokes, new seeds.

The first two on the demo crate, as a new user meets it: a fresh browser without a cache for
each load. The others at 100,000 invented tracks (`synthetic`), with another seed each time, so
that no answer is one that was kept. ``--home FOLDER`` keeps the catalogues for the next time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from browser import chromium, demo, serving
from corpus import verdict
from playwright.sync_api import Browser, Page, sync_playwright

TRACKS = 100_000
LOADS = 15
SEEDS = 40
FIRST_PAINT_MS, READY_MS, KEYSTROKE_MS, RESULTS_MS = 1500.0, 2500.0, 150.0, 400.0

# Both are asked of the browser itself: no time of the driver is in them. A page is ready once
# it shows its first content and no task longer than 50 ms has held it up since.
_WATCH = """
window.longest = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) window.longest = task.startTime + task.duration;
}).observe({ type: "longtask", buffered: true });
"""
_READY = """() => new Promise((done) => {
  const look = () => {
    const box = document.getElementById("dig-search");
    const start = document.querySelector(".starter");
    if (!box || !start) return setTimeout(look, 10);
    const shown = performance.now();
    setTimeout(() => done({
      paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
      ready: Math.max(shown, window.longest),
    }), 600);
  };
  look();
})"""
# From the key until what the server answered has been painted.
_KEYS = """
window.keys = [];
let pressed = 0;
addEventListener("keydown", () => (pressed = performance.now()), true);
const send = window.fetch;
window.fetch = async (...request) => {
  const typed = String(request[1]?.body || "").includes('"changedPropIds":["dig-search.value"]');
  const from = pressed;
  const answer = await send(...request);
  if (typed) requestAnimationFrame(() => requestAnimationFrame(() =>
    window.keys.push(performance.now() - from)));
  return answer;
};
"""
# From asking for a seed until the first row of its list has been painted.
_SEED = """(id) => new Promise((done) => {
  const list = document.getElementById("dig-list");
  const first = () => list.querySelector('.ag-row[row-index="0"]')?.getAttribute("row-id");
  const before = first();
  const from = performance.now();
  const seen = new MutationObserver(() => {
    if (!first() || first() === before) return;
    seen.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
  });
  seen.observe(list, { childList: true, subtree: true, attributes: true });
  window.dash_clientside.set_props("dig-asked", { data: { only: id, at: Date.now() } });
})"""


def loading(browser: Browser, home: Path) -> bool:
    """Time the first page on the demo crate."""
    demo(home, "--no-sound")
    paints, readies = [], []
    with serving(home) as address:
        for _ in range(LOADS):
            page = browser.new_context().new_page()
            page.add_init_script(_WATCH)
            page.goto(address)
            times = _asked(page, _READY)
            paints.append(times["paint"])
            readies.append(times["ready"])
            page.context.close()
    held = _told("first contentful paint", paints, FIRST_PAINT_MS)
    return _told("ready for typing", readies, READY_MS) and held


def searching(browser: Browser, home: Path) -> bool:
    """Time keystrokes and new seeds at 100,000 tracks."""
    from bench_scale import prepare
    from synthetic import synthetic_catalogue

    home.mkdir(parents=True, exist_ok=True)
    prepare(home, TRACKS)
    with synthetic_catalogue(home, TRACKS) as (catalogue, settings):
        names, ids = _tracks(catalogue, settings)
    with serving(home) as address:
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.add_init_script(_KEYS)
        page.set_default_timeout(60_000)
        page.goto(address)
        _asked(page, _READY)
        keys = _typed(page, names)
        seeds = [_asked(page, _SEED, ident) for ident in ids]
    held = _told("keystroke to suggestions", keys, KEYSTROKE_MS)
    return _told("new seed to results on screen", seeds, RESULTS_MS) and held


def _asked(page: Page, script: str, value: Any = None) -> Any:
    """Run a script of the browser that promises an answer; an end if it does not keep it."""
    keep = f"({script})(value).then((told) => (window.told = told));"
    page.evaluate(f"(value) => {{ window.told = null; {keep} }}", value)
    page.wait_for_function("() => window.told !== null")
    return page.evaluate("window.told")


def _tracks(catalogue, settings) -> tuple[list[str], list[int]]:
    """Names to type and seeds to ask for; the first of each warms what is read once."""
    import numpy as np

    from hybrid.recommender import Recommender

    recommender = Recommender.open(catalogue, settings)
    rng = np.random.default_rng(0)
    rows = rng.choice(np.flatnonzero(recommender.facts.sets >= 2), SEEDS, replace=False)
    names = [str(recommender.resolver.track_at(int(row))) for row in rows[:12]]
    return names, recommender.snapshot.recording_ids[rows].tolist()


def _typed(page: Page, names: list[str]) -> list[float]:
    box = page.locator("#dig-search")
    for name in names:
        box.fill("")
        for letter in name[:14]:
            count = page.evaluate("window.keys.length")
            box.press(letter)
            page.wait_for_function("(n) => window.keys.length > n", arg=count)
    box.fill("")
    return page.evaluate("window.keys")


def _told(what: str, times: list[float], most: float) -> bool:
    """Say the median, and whether the 95th percentile holds; the first, a warm-up, is left out."""
    import numpy as np

    p50, p95 = np.percentile(times[1:], [50, 95])
    print(f"{what}: p50 {p50:.0f} ms of {len(times) - 1}, first {times[0]:.0f} ms")
    return verdict(f"{what}, p95", float(p95), most, "ms")


def main() -> bool:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="folder that keeps the catalogues")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing, sync_playwright() as driver:
        home = given.home or Path(passing)
        browser = chromium(driver)
        held = loading(browser, home / "demo")
        return searching(browser, home / "many") and held


if __name__ == "__main__":
    sys.exit(not main())
