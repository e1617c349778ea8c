"""The description of the JSON API, in OpenAPI 3.1.

A test holds every path and method against the routes, and every answer against its schema.
"""

from __future__ import annotations

from typing import Any

from dashboard.api.schemas import (
    INTEGER,
    NUMBER,
    SCHEMAS,
    STRING,
    Schema,
    array,
    one_of,
    ref,
)


def document() -> dict[str, Any]:
    """Return the whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Segue",
            "version": "1",
            "summary": "Which tracks go with these, and why",
            "description": "For other programs on the machine that runs Segue. Numbers that are "
            "not known are null.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api/v1"}],
        "paths": _PATHS,
        "components": {"schemas": SCHEMAS},
    }


def _json(schema: Schema, what: str) -> dict[str, Any]:
    return {"description": what, "content": {"application/json": {"schema": schema}}}


def _query(name: str, what: str, schema: Schema, *, required: bool = False) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": what,
        "required": required,
        "schema": schema,
    }


def _operation(
    name: str,
    summary: str,
    good: dict[str, Any],
    *,
    errors: tuple[int, ...] = (400,),
    body: Schema | None = None,
    parameters: tuple[dict[str, Any], ...] = (),
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": good
        | {str(code): _json(ref("Error"), _ERRORS[code]) for code in (*errors, 403)},
    }
    if parameters:
        operation["parameters"] = list(parameters)
    if body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": body}},
        }
    return operation


_ERRORS = {
    400: "What was asked for makes no sense; `error` says what to change",
    403: "A page of another site asked, or one under a name that Segue does not know",
    404: "It is not there",
    409: "Somebody else changed it meanwhile; read it again",
    413: "The body is too large",
    415: "The body is not JSON",
}
_WRITING = (400, 413, 415)
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The number it has in the catalogue",
    "schema": {**INTEGER, "minimum": 0},
}

_PATHS: dict[str, Any] = {
    "/openapi.json": {
        "get": _operation(
            "document",
            "This document",
            {"200": _json({"type": "object"}, "OpenAPI 3.1")},
            errors=(),
        )
    },
    "/search": {
        "get": _operation(
            "search",
            "Find tracks by words of artist, title, version and label; words may be misspelt",
            {"200": _json(ref("Found"), "Best first")},
            parameters=(
                _query("q", "What was typed so far", STRING, required=True),
                _query(
                    "limit",
                    "How many at most",
                    {**INTEGER, "minimum": 1, "maximum": 200, "default": 10},
                ),
            ),
        )
    },
    "/recommend": {
        "get": _operation(
            "recommend_by_address",
            "Tracks that go with the seeds, each with its reason",
            {"200": _json(ref("Answer"), "Best first")},
            parameters=(
                _query(
                    "seed",
                    "A track as text, a Spotify link or id, an ISRC, or a number of the "
                    "catalogue; may stand several times",
                    array(STRING, minItems=1),
                    required=True,
                ),
                _query("k", "How many", {**INTEGER, "minimum": 1, "maximum": 200, "default": 25}),
                _query("lens", "What is meant by fitting", one_of("goes_with", "next")),
                _query(
                    "balance",
                    "0 is what DJs played alone, 1 what it sounds like alone",
                    {**NUMBER, "minimum": 0, "maximum": 1, "default": 0.5},
                ),
            ),
        ),
        "post": _operation(
            "recommend",
            "The same, with filters, dials and rules",
            {"200": _json(ref("Answer"), "Best first")},
            errors=_WRITING,
            body=ref("Question"),
        ),
    },
    "/tracks/{id}": {
        "get": _operation(
            "track",
            "All that is known of a track",
            {"200": _json(ref("Track"), "The track")},
            errors=(404,),
            parameters=(_ID,),
        )
    },
    "/crates": {
        "get": _operation(
            "crates",
            "All crates",
            {"200": _json(ref("Crates"), "Oldest first")},
            errors=(),
        ),
        "post": _operation(
            "make_crate",
            "Make a crate",
            {"201": _json(ref("Crate"), "The new crate")},
            errors=_WRITING,
            body=ref("NewCrate"),
        ),
    },
    "/crates/{id}": {
        "get": _operation(
            "crate",
            "What is in a crate, in order",
            {"200": _json(ref("Crate"), "The crate")},
            errors=(404,),
            parameters=(_ID,),
        ),
        "patch": _operation(
            "change_crate",
            "Give it other tracks or another name; can be undone on the Set page",
            {"200": _json(ref("Crate"), "The crate as it is now")},
            errors=(*_WRITING, 404, 409),
            body=ref("CrateChange"),
            parameters=(_ID,),
        ),
        "delete": _operation(
            "delete_crate",
            "Delete a crate; the Set page can bring it back",
            {"204": {"description": "It is gone"}},
            errors=(404,),
            parameters=(_ID,),
        ),
    },
}
