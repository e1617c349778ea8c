from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from data.errors import SegueError
from data.settings import get_settings
from data.vault import Vault

ROOT = Path(__file__).parents[2]
TOKEN = {"access_token": "made-up-token", "expires_at": 1_800_000_000, "scope": ["a", "é"]}


@pytest.fixture
def key_file() -> Path:
    return get_settings().vault_key


@pytest.fixture
def vault(catalogue, key_file) -> Vault:
    return Vault(catalogue, key_file)


def test_what_is_kept_comes_back_in_another_vault_with_the_same_key(vault, catalogue, key_file):
    vault.keep("spotify/token", TOKEN)
    assert vault.get("spotify/token") == TOKEN
    assert Vault(catalogue, key_file).get("spotify/token") == TOKEN
    assert vault.get("spotify/app") is None


def test_the_database_does_not_show_what_is_kept(vault, catalogue):
    vault.keep("spotify/token", TOKEN)
    assert b"made-up-token" not in catalogue.sealed.get("spotify/token")
    place = Path(catalogue._database.place)
    kept = b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
    assert b"spotify/token" in kept and b"made-up-token" not in kept


def test_the_key_lies_in_the_home_readable_by_its_owner_only(vault, own_home):
    vault.keep("a", {})
    assert [path.name for path in own_home.iterdir()] == ["vault.key"]
    assert stat.S_IMODE((own_home / "vault.key").stat().st_mode) == 0o600


def test_nothing_is_made_until_something_is_kept(vault, own_home):
    assert vault.get("a") is None
    assert not own_home.exists()


def test_a_value_sealed_with_another_key_reads_as_none(vault, catalogue, key_file):
    vault.keep("a", TOKEN)
    key_file.unlink()
    assert vault.get("a") is None
    vault.keep("a", {"new": 1})
    assert vault.get("a") == {"new": 1}


@pytest.mark.parametrize("blob", [b"", b"plain", b"\xff" * 200])
def test_a_damaged_value_reads_as_none(vault, catalogue, blob):
    vault.keep("b", TOKEN)
    catalogue.sealed.put("a", blob)
    assert vault.get("a") is None
    assert vault.take("a") is None


def test_a_value_with_one_bit_turned_reads_as_none(vault, catalogue):
    vault.keep("a", TOKEN)
    blob = bytearray(catalogue.sealed.get("a"))
    blob[len(blob) // 2] ^= 1
    catalogue.sealed.put("a", bytes(blob))
    assert vault.get("a") is None


def test_a_value_moved_to_another_name_reads_as_none(vault, catalogue):
    vault.keep("mine", TOKEN)
    catalogue.sealed.put("yours", catalogue.sealed.get("mine"))
    assert vault.get("yours") is None
    assert vault.get("mine") == TOKEN


def test_a_value_is_taken_once_and_expires(vault):
    vault.keep("once", {"state": "s"}, seconds=600)
    assert vault.take("once") == {"state": "s"}
    assert vault.take("once") is None
    vault.keep("late", {"state": "s"}, seconds=-1)
    assert vault.take("late") is None


def test_names_are_forgotten_alone_or_by_their_start(vault):
    for name in ("spotify/token", "spotify/app", "other"):
        vault.keep(name, {"n": name})
    vault.forget("spotify/app")
    assert vault.get("spotify/token") is not None
    vault.forget_all("spotify/")
    assert vault.get("spotify/token") is None
    assert vault.get("other") == {"n": "other"}


@pytest.mark.parametrize(
    "rest", [b"", b"c2hvcnQ=", b"not base64 at all, and forty-four bytes long"]
)
def test_a_damaged_key_says_what_to_do_and_does_not_say_itself(vault, key_file, rest):
    vault.keep("a", TOKEN)
    key_file.write_bytes(rest)
    assert vault.get("a") is None
    with pytest.raises(SegueError, match=r"vault.key is damaged; put its copy back") as caught:
        vault.keep("a", TOKEN)
    assert caught.value.__cause__ is None
    assert not rest or rest.decode() not in str(caught.value)


def test_a_key_that_cannot_be_made_says_what_to_do(catalogue, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    vault = Vault(catalogue, tmp_path / "file" / "vault.key")
    with pytest.raises(SegueError, match="SEGUE_HOME"):
        vault.keep("a", TOKEN)


def test_what_json_cannot_say_is_refused_before_anything_is_kept(vault):
    with pytest.raises(TypeError):
        vault.keep("a", {"path": Path("/")})
    assert vault.get("a") is None


KEEPER = """
import sys
from pathlib import Path
from data.catalogue import Catalogue
from data.vault import Vault

url, key, name = sys.argv[1:]
with Catalogue.open(url) as catalogue:
    sys.stdin.readline()
    Vault(catalogue, Path(key)).keep(name, {"by": name})
"""


def test_processes_that_start_at_once_agree_on_one_key(vault, catalogue, key_file):
    url = f"sqlite:///{catalogue._database.place}"
    names = ["one", "two", "three"]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", KEEPER, url, str(key_file), name],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
        )
        for name in names
    ]
    for process in running:
        process.stdin.write(b"go\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=120)
    assert [process.returncode for process in running] == [0, 0, 0]
    assert [vault.get(name) for name in names] == [{"by": name} for name in names]
    assert [path.name for path in key_file.parent.iterdir()] == ["vault.key"]
