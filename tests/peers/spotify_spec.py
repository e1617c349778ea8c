"""Spotify's published OpenAPI document, turned into a check of requests.

What the document marks as deprecated is refused with 403, as it is for every app of
2026; a value outside its schema with 400. Needs ``spec/spotify-open-api.yml`` under
``SEGUE_SHARED``; a test that asks for it is skipped where it is not there.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from tests.peers.serving import Request

#: Operations whose scopes opened only fields that are gone; without them it still answers.
_OPEN = {("get", "/me")}


@dataclass(frozen=True)
class Operation:
    """A path and method of the document."""

    method: str
    path: str
    deprecated: bool
    scopes: frozenset[str]
    query: Mapping[str, Mapping[str, Any]] = field(repr=False)
    body: Draft202012Validator | None = field(repr=False)
    answers: Mapping[str, Draft202012Validator] = field(repr=False)


@dataclass(frozen=True)
class Refusal:
    """Why a request is not as the document says."""

    status: int
    message: str


class Spec:
    """The document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._components = document["components"]
        self._schemas = _as_json_schema(self._components["schemas"])
        self._routes = [
            (_pattern(path), [self._operation(path, name, told) for name, told in told_of.items()])
            for path, told_of in document["paths"].items()
        ]
        # Fixed paths go before those with an id in them: /me/tracks/contains is no track.
        self._routes.sort(key=lambda route: route[0].pattern.count("[^/]"))

    def find(self, method: str, path: str) -> tuple[Operation | None, dict[str, str], bool]:
        """The operation of a request, the ids in its path, and whether the path is known."""
        for pattern, operations in self._routes:
            if parts := pattern.fullmatch(path):
                for operation in operations:
                    if operation.method == method.lower():
                        return operation, parts.groupdict(), True
                return None, {}, True
        return None, {}, False

    def _operation(self, path: str, method: str, told: Mapping[str, Any]) -> Operation:
        parameters = [self._resolved(one, "parameters") for one in told.get("parameters", ())]
        security = told.get("security") or [{}]
        return Operation(
            method=method,
            path=path,
            deprecated=bool(told.get("deprecated")),
            scopes=frozenset(security[0].get("oauth_2_0", ())),
            query={one["name"]: one for one in parameters if one["in"] == "query"},
            body=self._validator(told.get("requestBody")),
            answers={
                status: validator
                for status, answer in told["responses"].items()
                if (validator := self._validator(self._resolved(answer, "responses")))
            },
        )

    def _resolved(self, value: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
        reference = value.get("$ref", "")
        return self._components[kind][reference.rpartition("/")[2]] if reference else value

    def _validator(self, holder: Mapping[str, Any] | None) -> Draft202012Validator | None:
        content = (holder or {}).get("content", {}).get("application/json")
        if not content:
            return None
        schema = _as_json_schema(content["schema"])
        return Draft202012Validator({**schema, "components": {"schemas": self._schemas}})


@cache
def load() -> Spec:
    """The document, read once for each process.

    Raises
    ------
    pytest.skip.Exception
        If the document is not there.
    """
    path = Path(os.environ.get("SEGUE_SHARED", "../shared")) / "spec" / "spotify-open-api.yml"
    if not path.is_file():
        pytest.skip(f"no Spotify OpenAPI document at {path.resolve()} (set SEGUE_SHARED)")
    return Spec(yaml.load(path.read_bytes(), yaml.CSafeLoader))


def refusal(operation: Operation, request: Request) -> Refusal | None:
    """Hold a request against its operation.

    Returns
    -------
    Refusal or None
        The first thing that is wrong, in Spotify's words where they are known.
    """
    if operation.deprecated:
        return Refusal(403, "Forbidden")
    for name, parameter in operation.query.items():
        if name not in request.query:
            if parameter.get("required"):
                return Refusal(400, f"Missing required query parameter: {name}")
        elif not _accepts(parameter, request.query[name]):
            return Refusal(400, f"Invalid {name}")
    if strange := sorted(set(request.query) - set(operation.query)):
        return Refusal(400, f"Not in the document: {', '.join(strange)}")
    return _body_refusal(operation, request)


def lacks_scope(operation: Operation, scopes: Iterable[str]) -> bool:
    """Whether none of the scopes that the document asks for was granted."""
    needed = operation.scopes
    return bool(
        needed and needed.isdisjoint(scopes) and (operation.method, operation.path) not in _OPEN
    )


def _body_refusal(operation: Operation, request: Request) -> Refusal | None:
    if not request.raw:
        return None
    if operation.body is None:
        return Refusal(400, "This call takes no body")
    try:
        body = json.loads(request.raw)
    except ValueError:
        return Refusal(400, "Error parsing JSON.")
    wrong = best_match(operation.body.iter_errors(body))
    return Refusal(400, _as_words(wrong)) if wrong else None


def _as_words(wrong: ValidationError) -> str:
    where = "/".join(map(str, wrong.absolute_path))
    return f"Invalid body{f' at {where}' if where else ''}: {wrong.message}"[:300]


def _accepts(parameter: Mapping[str, Any], text: str) -> bool:
    schema = parameter["schema"]
    if schema.get("type") == "array":
        allowed = schema["items"].get("enum")
        return all(one in allowed for one in text.split(",")) if allowed else True
    value: object = text
    if schema.get("type") == "integer":
        if not re.fullmatch(r"-?\d+", text):
            return False
        value = int(text)
    return Draft202012Validator(_as_json_schema(schema)).is_valid(value)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))


def _as_json_schema(schema: Any) -> Any:
    """OpenAPI 3.0 in the words of JSON Schema: `nullable` there is a type here.

    A deprecated property is no longer required; no app of 2026 is given it.
    """
    if isinstance(schema, list):
        return [_as_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        name: _as_json_schema(value)
        for name, value in schema.items()
        if name not in ("nullable", "example", "discriminator", "deprecated")
    }
    if isinstance(schema.get("required"), list):
        known = schema.get("properties", {})
        made["required"] = [
            name for name in schema["required"] if not known.get(name, {}).get("deprecated")
        ]
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") is True else made
