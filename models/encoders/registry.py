"""Finds encoders by name, and keeps what they have learned.

An encoder is a module of this package that defines a class with the module's own name as
its `name`: adding one is adding one file. The files are read, not imported, to list them.
"""

from __future__ import annotations

import difflib
import hashlib
import importlib
import importlib.util
import inspect
import json
import pkgutil
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from data.errors import SegueError
from models import artefacts, encoders
from models.encoders.contract import Card, Encoder

#: The encoder that answers where none is named.
DEFAULT = "segue"
#: Where the weights that come with Segue lie, a folder for each encoder.
WEIGHTS = Path(__file__).parent / "weights"
# Read by pattern: Python 3.11 cannot parse to a tree in two threads at once ("AST constructor
# recursion depth mismatch"), and a page asks for these names in any thread.
_NAME = re.compile(r"""^    name(?:: [^=\n]+)? = ["'](\w+)["']$""", re.MULTILINE)


def names() -> tuple[str, ...]:
    """Names of all encoders, in alphabetical order; imports none of them."""
    found = []
    for module in pkgutil.iter_modules(encoders.__path__, f"{encoders.__name__}."):
        name = module.name.rpartition(".")[2]
        if not module.ispkg and name in _names_in(module.name):
            found.append(name)
    return tuple(sorted(found))


def encoder_class(name: str) -> type[Encoder]:
    """Return the class of the encoder called `name`.

    Raises
    ------
    SegueError
        If there is no such encoder, or a package it is built on is not installed.
    """
    known = names()
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f" Did you mean `{close[0]}`?" if close else ""
        raise SegueError(f"There is no encoder {name!r}.{hint} Known are {', '.join(known)}.")
    try:
        module = importlib.import_module(f"{encoders.__name__}.{name}")
    except ModuleNotFoundError as error:
        raise SegueError(
            f"The encoder `{name}` needs the package `{error.name}`. Install it and try again."
        ) from error
    return next(
        found
        for found in vars(module).values()
        if inspect.isclass(found) and issubclass(found, Encoder) and vars(found).get("name") == name
    )


def create(name: str, **parameters: Any) -> Encoder:
    """Make an encoder that has learned nothing yet.

    Parameters
    ----------
    name : str
        One of `names`.
    **parameters
        Keyword arguments of its class.

    Raises
    ------
    SegueError
        If there is no such encoder or it takes no such parameter.
    """
    kind = encoder_class(name)
    takes = list(inspect.signature(kind).parameters)
    if strange := [given for given in parameters if given not in takes]:
        raise SegueError(
            f"The encoder `{name}` has no parameter `{strange[0]}`. "
            + (f"It has {', '.join(takes)}." if takes else "It has none.")
        )
    return kind(**parameters)


def save(models: Path, encoder: Encoder) -> Path:
    """Keep a fitted encoder under `models` as the one that `load` finds; returns its folder."""
    return artefacts.save(models, _kind(encoder.label), encoder.arrays(), **_about(encoder))


def ship(encoder: Encoder, weights: Path = WEIGHTS) -> Path:
    """Make a fitted encoder the one that comes with Segue; returns the folder of its weights."""
    folder = weights / encoder.name
    with tempfile.TemporaryDirectory() as passing:
        shutil.copytree(save(Path(passing), encoder), folder, dirs_exist_ok=True)
    return folder


def load(models: Path, label: str, *, weights: Path = WEIGHTS) -> Encoder:
    """Return the encoder called `label`, ready to embed.

    That is the one trained last under `models`, else the one whose weights come with Segue,
    else, if it need not be trained, a new one.

    Parameters
    ----------
    models : Path
        The folder that was given to `save`.
    label : str
        `Encoder.label`: one of `names`, or for a model of one's own ``"onnx:<its name>"``.
    weights : Path
        Where the weights that come with Segue lie.

    Raises
    ------
    SegueError
        If there is no such encoder, it was never trained, or its files cannot be read.
    """
    name = label.partition(":")[0]
    command = f"segue encoder train {name}"
    kind = encoder_class(name)
    artefact = artefacts.load(models, _kind(label), command=command)
    if artefact is None and (weights / name).is_dir():
        artefact = artefacts.read(weights / name, command=command)
    if artefact is None:
        if kind.needs_fit:
            raise SegueError(f"The encoder `{name}` has not been trained yet. Run `{command}`.")
        return create(name)
    encoder = create(name, **artefact.card["parameters"]).restore(artefact.arrays)
    encoder.card = Card(
        data=artefact.card.get("data", ""),
        licences=artefact.card.get("licences", {}),
        metrics=artefact.card.get("metrics", {}),
    )
    return encoder


def default_encoder(models: Path) -> Encoder:
    """Return the encoder to use where none is named, ready to embed."""
    return load(models, DEFAULT)


def version(encoder: Encoder) -> str:
    """Say in a short text which vectors these are: it changes with code, parameters, weights.

    Examples
    --------
    A revision of the code and twelve hex digits, such as ``"1-9f86d081884c"``.
    """
    digest = hashlib.sha256(json.dumps(encoder.parameters, sort_keys=True).encode())
    for name, array in sorted(encoder.arrays().items()):
        digest.update(f"{name}{array.shape}{array.dtype}".encode())
        digest.update(array.tobytes())
    return f"{encoder.revision}-{digest.hexdigest()[:12]}"


def _names_in(module: str) -> set[str]:
    """Texts that classes of a module have as `name`, read from its source."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return set()
    return set(_NAME.findall(Path(spec.origin).read_text(encoding="utf-8")))


def _kind(label: str) -> str:
    # Not every file system takes a colon.
    return f"encoder-{label.replace(':', '-')}"


def _about(encoder: Encoder) -> dict[str, Any]:
    card = encoder.card
    return {
        "parameters": encoder.parameters,
        "fingerprint": version(encoder),
        "metrics": card.metrics,
        "about": {"data": card.data, "licences": dict(card.licences)},
    }
