"""The shapes of what the JSON API takes and answers, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hybrid.fusion import PARTS

Schema = dict[str, Any]

STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}


def ref(name: str) -> Schema:
    """Return a pointer to one of `SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema, **more: Any) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items, **more}


def one_of(*values: str) -> Schema:
    """Return the schema of one of some words."""
    return {"type": "string", "enum": list(values)}


def maybe(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def shape(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Return the schema of an object with exactly these names."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


_RUNGS = ("sets", "next", "artist", "label", "sound", "popularity")
_SEED_RUNGS = ("id", "recording", "work", "search", "artist", "label", "sound", "none")
_IDS = array(INTEGER, description="Numbers of tracks in the catalogue, in order")
_BOUNDS: Schema = {
    "description": "[low, high], either may be null; or text such as 1990..1999",
    "anyOf": [array(maybe(NUMBER), minItems=2, maxItems=2), STRING],
}
_LIMIT: Schema = {"anyOf": [NUMBER, {"const": "off"}, {"type": "null"}]}
_NAMED = {"recording_id": INTEGER, "artist": STRING, "title": STRING}
_TRACK = {**_NAMED, "version": STRING, "label": STRING}

_FILTERS = shape(
    {},
    {
        "tempo_percent": _LIMIT,
        "half_double": FLAG,
        "key": one_of("off", "soft", "strict"),
        "energy": _BOUNDS,
        "years": _BOUNDS,
        "sets": _BOUNDS,
        "labels": array(STRING),
        "genres": array(STRING),
        "library": one_of("all", "mine", "new"),
        "without": _IDS,
        "max_minutes": _LIMIT,
        "disliked": FLAG,
    },
)
_DIALS = shape({}, {"popularity": NUMBER, "hubs": NUMBER})
_RULES = shape(
    {},
    {
        "exclude_seeds": FLAG,
        "exclude_seed_versions": FLAG,
        "one_version_per_work": FLAG,
        "artist_cap": INTEGER,
        "spread_artists": FLAG,
    },
)
_SEED: Schema = {
    "anyOf": [
        shape({"id": INTEGER}),
        shape(
            {"artist": STRING, "title": STRING},
            {"label": STRING, "isrc": STRING, "spotify": STRING},
        ),
        shape({"spotify": STRING}),
        shape({"isrc": STRING}),
        shape({"text": STRING}),
    ]
}

_PART = one_of(*PARTS, "steering")
_SHARES: Schema = {"type": "object", "propertyNames": _PART, "additionalProperties": NUMBER}
_TEMPO = shape({"ratio": NUMBER, "percent": NUMBER, "kind": one_of("same", "half", "double")})
_MIX = shape(
    {"tempo": maybe(_TEMPO), "key": maybe(shape({"score": NUMBER, "name": STRING}))},
)
_SET = shape(
    {
        "set_id": INTEGER,
        "title": STRING,
        "date": STRING,
        "djs": array(STRING),
        "url": STRING,
        "seed_position": INTEGER,
        "position": INTEGER,
        "right_after": FLAG,
    }
)
_EVIDENCE = shape(
    {
        "sets_together": INTEGER,
        "right_after": INTEGER,
        "right_before": INTEGER,
        "lift": maybe(NUMBER),
        "after_lift": maybe(NUMBER),
        "djs": array(STRING),
        "first": STRING,
        "last": STRING,
        "sets": array(_SET),
        "same_artist": array(STRING),
        "same_label": STRING,
        "link": maybe(array({}, minItems=3, maxItems=3)),
    }
)
_SOUND = shape(
    {
        "cosine": NUMBER,
        "seed": STRING,
        "start_s": NUMBER,
        "seed_start_s": NUMBER,
        "fragment_s": NUMBER,
        "distance": NUMBER,
    }
)

SCHEMAS: dict[str, Schema] = {
    "Error": shape({"error": {**STRING, "description": "A sentence that says what to do"}}),
    "Found": shape({"tracks": array(shape({**_TRACK, "sets": INTEGER}))}),
    "Track": shape(
        {
            **_TRACK,
            "catalogue_number": STRING,
            "genre": STRING,
            "ids": array(shape({"scheme": STRING, "value": STRING, "source": STRING})),
            "bpm": maybe(NUMBER),
            "key": maybe(STRING),
            "camelot": maybe(STRING),
            "energy": maybe(NUMBER),
            "duration_s": maybe(NUMBER),
        }
    ),
    "Question": shape(
        {"seeds": array(_SEED, minItems=1, maxItems=100)},
        {
            "k": {**INTEGER, "minimum": 1, "maximum": 200},
            "lens": one_of("goes_with", "next"),
            "balance": {**NUMBER, "minimum": 0, "maximum": 1},
            "filters": _FILTERS,
            "dials": _DIALS,
            "rules": _RULES,
        },
    ),
    "Seed": shape(
        {
            "query": STRING,
            "artist": STRING,
            "title": STRING,
            "recording_id": maybe(INTEGER),
            "rung": one_of(*_SEED_RUNGS),
            "near": array(shape(_NAMED)),
        }
    ),
    "Recommendation": shape(
        {
            **_TRACK,
            "score": NUMBER,
            "sets": INTEGER,
            "reason": STRING,
            "rung": one_of(*_RUNGS),
            "parts": _SHARES,
            "weights": _SHARES,
            "mix": _MIX,
            "evidence": _EVIDENCE,
            "sound": maybe(_SOUND),
            "bpm": maybe(NUMBER),
            "key": maybe(STRING),
            "energy": maybe(NUMBER),
            "year": maybe(INTEGER),
            "tags": array(STRING),
            "verdict": STRING,
            "versions": array(shape(_NAMED)),
        }
    ),
    "Answer": shape(
        {
            "seeds": array(ref("Seed")),
            "results": array(ref("Recommendation")),
            "unknown": array(STRING),
            "removed": {"type": "object", "additionalProperties": INTEGER},
            "hidden": array(shape({"name": STRING, "count": INTEGER, "back": INTEGER})),
            "lens": one_of("goes_with", "next"),
            "balance": NUMBER,
            "note": STRING,
        }
    ),
    "Crates": shape(
        {"crates": array(shape({"id": INTEGER, "name": STRING, "size": INTEGER, "in_hand": FLAG}))}
    ),
    "Crate": shape(
        {"id": INTEGER, "name": STRING, "stamp": INTEGER, "tracks": array(shape(_TRACK))}
    ),
    "NewCrate": shape({"name": STRING}, {"tracks": _IDS}),
    "CrateChange": shape(
        {},
        {
            "name": STRING,
            "tracks": _IDS,
            "stamp": {**INTEGER, "description": "Refuse if the crate has another one by now"},
        },
    ),
}
