"""What of a request comes through the server to the app."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from urllib.request import Request, urlopen

import pytest
from flask import Flask, jsonify, request

from dashboard import guard
from dashboard.server import create_server
from data.settings import Settings


@pytest.mark.parametrize(
    ("headers", "local"),
    [
        ({}, True),
        ({"X-Forwarded-For": "192.168.1.7"}, False),
        ({"Forwarded": "for=192.168.1.7"}, False),
        ({"X-Real-Ip": "192.168.1.7"}, False),
        ({"Via": "1.1 proxy"}, False),
    ],
)
def test_a_proxy_in_front_is_seen_and_never_believed(headers: dict[str, str], local: bool) -> None:
    settings, app = Settings().model_copy(update={"port": 0}), Flask("test")

    @app.get("/")
    def said() -> Any:
        return jsonify(
            local=guard.is_local(request, settings),
            host=request.host,
            port=request.environ["SERVER_PORT"],
            scheme=request.scheme,
        )

    server: Any = create_server(SimpleNamespace(server=app), settings)  # type: ignore[arg-type]

    def run() -> None:
        with suppress(OSError):  # what it waits on is closed under it in the end
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        place = f"127.0.0.1:{server.effective_port}"
        lies = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        lies |= {"X-Forwarded-Port": "1"}
        with urlopen(Request(f"http://{place}/", headers=headers | lies)) as answer:
            came = json.load(answer)
    finally:
        server.task_dispatcher.shutdown()  # a thread that is not done yet would meet a closed door
        server.close()
        thread.join(5)
    assert came == {
        "local": local,
        "host": place,
        "port": str(server.effective_port),
        "scheme": "http",
    }
