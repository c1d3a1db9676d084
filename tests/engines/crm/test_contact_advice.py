"""Advice on the way of contact, and the seal of a record."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "addons" / "retail_crm"))

from crm_engine.contact_advice import Advice, Way, advise  # noqa: E402
from crm_engine.content_seal import seal  # noqa: E402

PHONE, CHAT, MAIL, VISIT = 1, 2, 3, 4
WAYS = [
    Way(PHONE, urgent=True),
    Way(CHAT),
    Way(MAIL, complex=True),
    Way(VISIT, urgent=True, complex=True),
]


@pytest.mark.parametrize(
    ("matter", "advice"),
    [
        ({"urgent": True}, Advice(PHONE, "urgent")),
        ({"complex_": True}, Advice(MAIL, "complex")),
        ({"urgent": True, "complex_": True}, Advice(VISIT, "urgent_complex")),
        ({}, Advice(PHONE, "usual")),
        ({"urgent": True, "preferred": MAIL}, Advice(MAIL, "preferred")),
        ({"urgent": True, "preferred": 99}, Advice(PHONE, "urgent")),
        (
            {"urgent": True, "preferred": MAIL, "do_not_contact": True},
            Advice(None, "do_not_contact"),
        ),
    ],
)
def test_advice(matter, advice):
    assert advise(WAYS, **matter) == advice


def test_a_blocked_way_is_passed_over_even_when_it_is_wished():
    ways = [Way(PHONE, urgent=True, blocked=True), Way(CHAT), Way(VISIT, urgent=True)]
    assert advise(ways, urgent=True) == Advice(VISIT, "urgent")
    assert advise(ways, preferred=PHONE) == Advice(CHAT, "usual", refused_wish=True)
    assert advise([]) == Advice(None, "none_open")


ways = st.lists(
    st.builds(Way, st.integers(1, 5), st.booleans(), st.booleans(), st.booleans()),
    unique_by=lambda way: way.key,
)


@given(ways, st.booleans(), st.booleans(), st.one_of(st.none(), st.integers(1, 6)))
def test_the_wish_wins_and_nothing_blocked_is_advised(ways, urgent, complex_, preferred):
    advice = advise(ways, urgent, complex_, preferred)
    open_keys = {way.key for way in ways if not way.blocked}
    if preferred in open_keys:
        assert advice == Advice(preferred, "preferred")
    assert advice.key in open_keys or (advice.key is None and not open_keys)


CONTENT = {"subject": "尺码", "content": "M", "user": 7, "next": None, "files": ["ab", "cd"]}


def test_the_seal_is_of_the_content_and_not_of_its_order():
    assert seal(CONTENT) == seal(dict(reversed(CONTENT.items())))
    assert len(seal(CONTENT)) == 64


@given(st.sampled_from(sorted(CONTENT)), st.one_of(st.text(), st.integers(), st.none()))
def test_every_change_breaks_the_seal(name, value):
    changed = {**CONTENT, name: value}
    assert (seal(changed) == seal(CONTENT)) == (changed == CONTENT)


@pytest.mark.parametrize("value", [1.5, b"x", {1: "a"}, ["a", 2.0]])
def test_what_has_no_single_form_is_refused(value):
    with pytest.raises(TypeError):
        seal({"a": value})
