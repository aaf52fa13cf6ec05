"""JSON piece by piece is JSON at once."""

import json

from hypothesis import given
from hypothesis import strategies as st

from troupe.models.formats.jsontext import json_list, json_object, json_text

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), PLAIN), st.lists(PLAIN), st.text())
def test_an_object_with_a_long_list_in_it(members, long, name):
    given = [*members.items(), (f"{name} list", iter(long))]
    wanted = {**members, f"{name} list": long}
    assert "".join(json_object(given)) == json_text(wanted) == json.dumps(wanted, ensure_ascii=False, indent=1)


@given(st.lists(PLAIN))
def test_a_list(values):
    assert "".join(json_list(values)) == json_text(values)


def test_no_more_than_one_member_is_asked_for_at_a_time():
    asked = []

    def members():
        for n in range(5):
            asked.append(n)
            yield {"n": n}

    pieces = json_object([("all", members())])
    while not asked:
        next(pieces)
    assert asked == [0]
