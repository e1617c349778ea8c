from __future__ import annotations

from data.records import SetAside


def test_a_checkpoint_is_kept_replaced_and_forgotten(catalogue, heard):
    assert catalogue.checkpoint("walk") is None
    catalogue.add_tracklists([heard("1", "A - One")], checkpoint=("walk", "page|2"))
    assert catalogue.checkpoint("walk") == "page|2"
    catalogue.add_tracklists([], checkpoint=("walk", "page|3"))
    assert catalogue.checkpoint("walk") == "page|3"
    catalogue.add_tracklists([], checkpoint=("walk", None))
    assert catalogue.checkpoint("walk") is None


def test_what_is_set_aside_is_kept_once_in_order(catalogue):
    broken, empty = SetAside("a.json", "not a tracklist"), SetAside("b.json", "no rows")
    catalogue.add_tracklists([], set_aside=[broken, empty, broken])
    catalogue.add_tracklists([], set_aside=[empty, SetAside("a.json", "another reason")])

    assert catalogue.set_aside() == [broken, empty, SetAside("a.json", "another reason")]
    assert catalogue.set_aside(limit=1) == [broken]
