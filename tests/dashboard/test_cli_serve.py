"""``segue serve``: the real server in a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(port: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server did not come up")


def test_it_serves_the_page_says_where_and_stops_with_ctrl_c(
    server: subprocess.Popen[str], port: int
) -> None:
    wait_for(port, server)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
        assert page.status == 200
        assert "Segue" in page.read().decode()
    server.send_signal(signal.SIGINT)
    out, error = server.communicate(timeout=30)
    assert server.returncode == 130
    assert out == ""
    assert f"http://127.0.0.1:{port} " in error
    assert error.endswith("Stopped.\n")


def test_a_port_in_use_is_one_sentence(port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        run = subprocess.run(
            [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert str(port) in run.stderr
    assert "--port" in run.stderr


def test_a_host_that_is_none_is_one_sentence() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "serve", "--host", "300.1.1.1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 2
    assert run.stderr == "300.1.1.1 is no address of this machine; choose one with --host.\n"
