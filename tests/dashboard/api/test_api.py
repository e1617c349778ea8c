"""The JSON API: it does what its document says, and refuses in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from dashboard.api import openapi
from dashboard.services import current_library

BASE = "/api/v1"
Ask = Callable[..., Any]


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    return app.server.test_client()


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """Ask the API; the answer must have the shape that the document gives to its status."""
    document = openapi.document()

    def ask(method: str, path: str, *, status: int = 200, route: str = "", **options: Any) -> Any:
        response = client.open(f"{BASE}{path}", method=method, **options)
        assert response.status_code == status, response.text
        place = route or path.partition("?")[0]
        told = document["paths"][place][method.lower()]["responses"][str(status)]
        if "content" not in told:
            assert response.data == b""
            return None
        assert response.mimetype == "application/json"
        schema = told["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": document["components"]}).validate(
            response.json
        )
        return response.json

    return ask


@pytest.fixture
def tracks(app: Dash) -> list[int]:
    """Some tracks that many sets hold."""
    return [recording_id for recording_id, _ in current_library().starters(4)]


def test_the_document_is_openapi():
    validate(openapi.document())


def test_the_document_describes_every_route_and_no_other(app: Dash):
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    routes = {
        (re.sub(r"<int:\w*?id>", "{id}", rule.rule.removeprefix(BASE)), method.lower())
        for rule in app.server.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.nowhere"
        for method in rule.methods & methods
    }
    described = {
        (path, method)
        for path, operations in openapi.document()["paths"].items()
        for method in operations
    }
    assert described == routes


def test_the_document_is_served(ask: Ask):
    assert ask("GET", "/openapi.json") == openapi.document()


def test_search_finds_in_spite_of_a_slip(ask: Ask, tracks: list[int]):
    track = current_library().catalogue.track(tracks[0])
    found = ask("GET", f"/search?q={track.artist} {track.title[:-1]}&limit=3")
    assert tracks[0] in [hit["recording_id"] for hit in found["tracks"]]
    assert len(found["tracks"]) <= 3


@pytest.mark.parametrize("query", ["", "?q=", "?q=a&limit=0", "?q=a&limit=many", "?q=a&limit=201"])
def test_search_says_what_is_wrong(ask: Ask, query: str):
    assert ask("GET", f"/search{query}", status=400)["error"].endswith(".")


def test_recommend_by_address_is_what_the_page_lists(ask: Ask, tracks: list[int]):
    answer = ask("GET", f"/recommend?seed={tracks[0]}&k=5")
    assert [seed["recording_id"] for seed in answer["seeds"]] == [tracks[0]]
    assert len(answer["results"]) == 5
    assert all(result["reason"] for result in answer["results"])
    expected = current_library().recommender().recommend([tracks[0]], k=5)
    assert [r["recording_id"] for r in answer["results"]] == [
        r.recording_id for r in expected.results
    ]


def test_recommend_takes_all_that_steers(ask: Ask, tracks: list[int]):
    first = ask("POST", "/recommend", json={"seeds": [{"id": tracks[0]}], "k": 5})
    gone = first["results"][0]["recording_id"]
    body = {
        "seeds": [{"id": tracks[0]}, {"artist": "Nobody", "title": "Nothing"}],
        "k": 5,
        "lens": "next",
        "balance": 0.2,
        "filters": {"without": [gone], "tempo_percent": "off"},
        "dials": {"popularity": 0.5},
        "rules": {"artist_cap": 1},
    }
    answer = ask("POST", "/recommend", json=body)
    assert answer["lens"] == "next"
    assert answer["balance"] == 0.2
    assert gone not in [result["recording_id"] for result in answer["results"]]


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"seeds": []},
        {"seeds": [{"id": 1}], "k": 201},
        {"seeds": [{"id": 1}], "k": 0},
        {"seeds": [{"id": 1}], "filters": {"key": "loud"}},
        {"seeds": [{"id": 1}], "colour": "red"},
        {"seeds": [{"file": "/etc/passwd"}]},
        {"seeds": [{"id": 1}] * 101},
    ],
)
def test_a_question_that_makes_no_sense_is_told(ask: Ask, body: Any):
    assert "passwd" not in ask("POST", "/recommend", status=400, json=body)["error"]


def test_lists_within_lists_are_no_question(ask: Ask):
    body = {"data": "[" * 400_000, "content_type": "application/json"}
    assert "JSON object" in ask("POST", "/recommend", status=400, **body)["error"]


def test_a_seed_that_is_not_known_is_no_error(ask: Ask):
    answer = ask("GET", "/recommend?seed=Nobody - Nothing At All")
    assert answer["unknown"] == ["Nobody - Nothing At All"]
    assert answer["note"]


def test_a_track_is_told_in_full(ask: Ask, tracks: list[int]):
    told = ask("GET", f"/tracks/{tracks[0]}", route="/tracks/{id}")
    assert told["title"] == current_library().catalogue.track(tracks[0]).full_title


@pytest.mark.parametrize("ident", [0, 10**9, 10**30])
def test_a_track_that_is_not_there_is_not_found(ask: Ask, ident: int):
    ask("GET", f"/tracks/{ident}", status=404, route="/tracks/{id}")


@pytest.fixture
def crate(ask: Ask, tracks: list[int]) -> Any:
    """A crate of this test's own."""
    made = ask("POST", "/crates", status=201, json={"name": "Late set", "tracks": tracks[:3]})
    yield made
    if made["id"] in [crate["id"] for crate in ask("GET", "/crates")["crates"]]:
        ask("DELETE", f"/crates/{made['id']}", status=204, route="/crates/{id}")


def ids(crate: Any) -> list[int]:
    return [track["recording_id"] for track in crate["tracks"]]


def test_a_crate_is_made_listed_changed_and_deleted(ask: Ask, crate: Any, tracks: list[int]):
    assert ids(crate) == tracks[:3]
    listed = {entry["id"]: entry for entry in ask("GET", "/crates")["crates"]}
    assert listed[crate["id"]]["name"] == "Late set"
    assert listed[crate["id"]]["size"] == 3
    place, route = f"/crates/{crate['id']}", "/crates/{id}"
    turned = ask(
        "PATCH",
        place,
        route=route,
        json={"name": "Later", "tracks": tracks[2::-1], "stamp": crate["stamp"]},
    )
    assert (turned["name"], ids(turned)) == ("Later", tracks[2::-1])
    assert ask("GET", place, route=route) == turned
    ask("DELETE", place, status=204, route=route)
    ask("GET", place, status=404, route=route)


def test_a_change_by_somebody_else_is_not_overwritten(ask: Ask, crate: Any, tracks: list[int]):
    place, route = f"/crates/{crate['id']}", "/crates/{id}"
    ask("PATCH", place, route=route, json={"tracks": tracks[:1], "stamp": crate["stamp"]})
    stale = {"tracks": tracks[1:2], "stamp": crate["stamp"]}
    ask("PATCH", place, status=409, route=route, json=stale)
    assert ids(ask("GET", place, route=route)) == tracks[:1]


def test_another_name_by_somebody_else_is_not_overwritten(ask: Ask, crate: Any):
    place, route = f"/crates/{crate['id']}", "/crates/{id}"
    ask("PATCH", place, route=route, json={"name": "Early set", "stamp": crate["stamp"]})
    stale = {"name": "Lost", "stamp": crate["stamp"]}
    ask("PATCH", place, status=409, route=route, json=stale)
    assert ask("GET", place, route=route)["name"] == "Early set"


def test_a_change_that_is_refused_changes_nothing(ask: Ask, crate: Any, tracks: list[int]):
    place, route = f"/crates/{crate['id']}", "/crates/{id}"
    for wrong in ({"name": "", "tracks": []}, {"name": "Empty", "tracks": [0]}):
        ask("PATCH", place, status=400, route=route, json=wrong)
        assert ask("GET", place, route=route) == crate


def test_a_change_from_outside_can_be_undone(ask: Ask, crate: Any, tracks: list[int]):
    ask("PATCH", f"/crates/{crate['id']}", route="/crates/{id}", json={"tracks": []})
    current_library().catalogue.undo_crate(crate["id"])
    assert ids(ask("GET", f"/crates/{crate['id']}", route="/crates/{id}")) == tracks[:3]


@pytest.mark.parametrize(
    "body",
    [{}, {"name": ""}, {"name": 3}, {"name": "A", "tracks": "1"}, {"name": "A", "tracks": [0]}],
)
def test_a_crate_that_cannot_be_made_is_told(ask: Ask, body: Any):
    ask("POST", "/crates", status=400, json=body)


def test_pages_of_other_sites_cannot_write(ask: Ask, client: FlaskClient):
    elsewhere = {"Origin": "https://example.org"}
    ask("POST", "/crates", status=403, json={"name": "A"}, headers=elsewhere)
    form = {"data": "name=A", "content_type": "application/x-www-form-urlencoded"}
    ask("POST", "/crates", status=415, **form)
    assert "Access-Control-Allow-Origin" not in client.get(f"{BASE}/crates").headers


def test_a_body_that_is_too_large_is_refused(ask: Ask):
    ask("POST", "/recommend", status=413, json={"seeds": [{"text": "a" * 1_100_000}]})


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_without_a_route_is_not_found_and_says_so_as_json(
    client: FlaskClient, method: str
):
    response = client.open(f"{BASE}/nothing/here", method=method)
    assert response.status_code == 404
    assert "openapi.json" in response.json["error"]


def test_a_page_that_does_not_exist_is_not_found(client: FlaskClient):
    assert client.get("/nothing").status_code == 404
    assert client.get("/map").status_code == 200
