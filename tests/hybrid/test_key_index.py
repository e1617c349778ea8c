from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hybrid import key_index
from hybrid.key_index import KeyIndex


@given(keys=st.lists(st.text(), unique=True), other=st.text())
def test_every_key_is_found_at_its_row_and_no_other_is(keys, other):
    index = KeyIndex(np.array([*keys, None], object)[:-1])
    assert [index.find(key) for key in keys] == list(range(len(keys)))
    assert (index.find(other) is not None) == (other in keys) == (other in index)


def test_keys_that_share_a_hash_are_told_apart(monkeypatch):
    monkeypatch.setattr(key_index, "hash", len, raising=False)
    index = KeyIndex(np.array(["quay", "brim", "a", "cove"], object))
    assert [index.find(key) for key in ("cove", "quay", "brim", "dune")] == [3, 0, 1, None]
