from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from data.catalogue import Catalogue


def names(catalogue: Catalogue) -> list[str]:
    with catalogue._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sealed ORDER BY name").all()
    return [row[0] for row in rows]


def test_bytes_come_back_as_they_were_put(catalogue):
    catalogue.sealed.put("a", b"\x00\xffone")
    catalogue.sealed.put("b", b"")
    assert catalogue.sealed.get("a") == b"\x00\xffone"
    assert catalogue.sealed.get("b") == b""
    assert catalogue.sealed.get("c") is None


def test_the_last_put_counts(catalogue):
    catalogue.sealed.put("a", b"one", seconds=-1)
    catalogue.sealed.put("a", b"two")
    assert catalogue.sealed.get("a") == b"two"


def test_what_has_expired_is_as_if_not_there_and_goes_at_the_next_put(catalogue):
    catalogue.sealed.put("old", b"1", seconds=-1)
    assert catalogue.sealed.get("old") is None
    assert catalogue.sealed.take("old") is None
    catalogue.sealed.put("old", b"1", seconds=-1)
    catalogue.sealed.put("live", b"2", seconds=600)
    assert names(catalogue) == ["live"]


def test_what_was_taken_is_gone(catalogue):
    catalogue.sealed.put("once", b"1", seconds=600)
    assert catalogue.sealed.take("once") == b"1"
    assert catalogue.sealed.take("once") is None
    assert names(catalogue) == []


def test_of_several_takers_at_once_one_gets_it(catalogue, url):
    catalogue.sealed.put("once", b"1")
    start = threading.Barrier(4)

    def take(_: int) -> bytes | None:
        with Catalogue.open(url) as other:
            start.wait(30)
            return other.sealed.take("once")

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(take, range(4)))
    assert (got.count(b"1"), got.count(None)) == (1, 3)


def test_a_name_is_deleted_alone_and_a_prefix_exactly(catalogue):
    for name in ("sign_in/1", "sign_in/2", "signXin/3", "SIGN_IN/4", "sign_in"):
        catalogue.sealed.put(name, b"1")
    catalogue.sealed.delete("sign_in")
    catalogue.sealed.delete("nothing")
    assert len(names(catalogue)) == 4
    catalogue.sealed.delete_all("sign_in/")
    assert set(names(catalogue)) == {"signXin/3", "SIGN_IN/4"}
