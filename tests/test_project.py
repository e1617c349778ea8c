"""What the project says about itself is true: settings, habits, pins, licence."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from data.settings import Settings

ROOT = Path(__file__).parents[1]
ROOMS = ("data", "models", "scrapers", "hybrid", "dashboard")
HABITS = (
    "install",
    "run",
    "test",
    "test-all",
    "lint",
    "format",
    "bench",
    "demo",
    "clean",
    "tune",
    "evaluation",
    "encoders",
    "screenshots",
)

# Fixed from the start for parts that follow, or used by other means than an import.
NOT_IMPORTED_YET = {"audioop-lts", "spotipy", "pandas", "setuptools"}


def requirements(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text().splitlines()
    lines = [line for line in lines if line and not line.startswith(("#", "-r "))]
    # Some are for other Pythons than this one: name==version; marker
    wanted = [Requirement(line) for line in lines]
    lines = [str(r).partition(";")[0] for r in wanted if not r.marker or r.marker.evaluate()]
    pins = dict(line.split("==") for line in lines)  # a line without a pin fails here
    return {re.sub(r"\[.*\]", "", package): version for package, version in pins.items()}


def imported_packages() -> set[str]:
    """Third-party modules that the rooms import."""
    modules = set()
    for file in (file for room in ROOMS for file in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    return modules - sys.stdlib_module_names - set(ROOMS)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented_with_its_default_and_meaning(name: str) -> None:
    field = Settings.model_fields[name]
    page = (ROOT / "docs" / "settings.md").read_text()
    (row,) = [line for line in page.splitlines() if line.startswith(f"| `SEGUE_{name.upper()}` |")]
    assert field.description
    assert field.description in row
    if field.default_factory is None and field.default != "":
        assert f"| `{field.default}` |" in row


def test_only_settings_that_exist_are_documented() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    documented = {name.lower() for name in re.findall(r"^\| `SEGUE_(\w+)`", page, re.M)}
    assert documented == set(Settings.model_fields)


def test_nothing_else_reads_the_environment() -> None:
    reading = re.compile(r"os\.environ\b(?!\.setdefault)|os\.getenv")
    readers = [
        file.relative_to(ROOT)
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        if reading.search(file.read_text())
    ]
    assert readers == []


def test_make_lists_every_habit() -> None:
    out = subprocess.run(
        ["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"^  make ([a-z-]+) ", out, re.M)
    assert sorted(listed) == sorted(("help", *HABITS))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert phony
    assert sorted(phony[1].split()) == sorted(listed)


def test_every_requirement_is_pinned_and_listed_once() -> None:
    running, developing = requirements("requirements.txt"), requirements("requirements-dev.txt")
    assert not running.keys() & developing.keys()
    assert all(re.fullmatch(r"[0-9][0-9.]*", v) for v in (running | developing).values())


def test_everything_the_product_imports_is_required_to_run_and_nothing_else() -> None:
    providers = metadata.packages_distributions()
    wanted = {
        provider.lower().replace("_", "-")
        for module in imported_packages()
        for provider in providers.get(module, [module])
    }
    # These come with a package that is required: pydantic-settings, dash.
    wanted -= {"pydantic", "flask", "werkzeug"}
    assert wanted - requirements("requirements.txt").keys() == set()
    assert requirements("requirements.txt").keys() - wanted - NOT_IMPORTED_YET == set()


def test_the_pinned_versions_are_the_ones_the_tests_run_with() -> None:
    for package, version in (
        requirements("requirements.txt") | requirements("requirements-dev.txt")
    ).items():
        assert metadata.version(package).split("+")[0] == version, package


def test_the_project_is_free_software_and_says_so() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


@pytest.mark.parametrize("package", ["mutagen", "unidecode"])
def test_no_package_with_a_licence_that_would_bind_segue_is_used(package: str) -> None:
    pinned = requirements("requirements.txt") | requirements("requirements-dev.txt")
    assert package not in {name.lower() for name in pinned}


def test_ci_runs_the_tests_by_make() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().rstrip().endswith("make test")
