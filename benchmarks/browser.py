"""Segue as it is served, and a real browser: for what is measured or pictured on the page."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Playwright

ROOT = Path(__file__).resolve().parents[1]
_BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def chromium(driver: Playwright) -> Browser:
    """Start the browser of this machine; an end with the reason if there is none."""
    found = next((path for path in _BROWSERS if Path(path).exists()), None)
    if found is None:
        raise SystemExit(f"There is no browser among {', '.join(_BROWSERS)}.")
    return driver.chromium.launch(executable_path=found, args=_SWITCHES)


def demo(home: Path, *options: str) -> None:
    """Make the demo crate under `home` by the real command, unless it is there."""
    environment = {**os.environ, "SEGUE_HOME": str(home)}
    command = [sys.executable, "-m", "dashboard.cli", "demo", "--if-empty", *options]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


@contextmanager
def serving(home: Path, more: Mapping[str, str] | None = None) -> Iterator[str]:
    """Serve a home by the real command, with `more` settings; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "SEGUE_HOME": str(home), "SEGUE_PORT": str(port), **(more or {})}
    server = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "serve"], cwd=ROOT, env=environment
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/health")
        yield address
    finally:
        server.terminate()
        server.wait(10)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            urlopen(address, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{address} does not answer")
