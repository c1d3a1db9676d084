"""Cost grows with what can match, not with what exists. Work is counted, not timed."""

import sys

import pytest
from promo_engine import ProgramIndex, canonical, evaluate

from .cases import COMPOUND, cart, line, program

MATCHING = 40
PERCENT = {"kind": "percent", "rate": 100}
CART = cart(
    *[line(str(n), product=n, amount=5000, brand=n % 5, tags=[n % 3]) for n in range(50)],
    codes=["CODE0"],
    member={"id": 1, "class": "vip", "tags": [7], "segments": ["loyal"], "first": False},
)
# Programs of a shop that have nothing to do with this cart, one way each.
ELSEWHERE = {
    "products": lambda n: ({"products": [1000 + n]}, {}),
    "categories": lambda n: ({"categories": [1000 + n]}, {}),
    "brands": lambda n: ({"brands": [1000 + n]}, {}),
    "codes": lambda n: (None, {"code": f"OTHER{n}"}),
    "stores": lambda n: (None, {"stores": [1000 + n]}),
    "channels": lambda n: (None, {"channels": ["web"]}),
    "currencies": lambda n: (None, {"currencies": ["JPY"]}),
    "classes": lambda n: (None, {"classes": ["gold"]}),
    "segments": lambda n: (None, {"segments_any": [f"other{n}"]}),
    "tags of members": lambda n: (None, {"tags_any": [1000 + n]}),
}


def shop(elsewhere, count):
    """Return an index of `count` programs of which MATCHING can matter to the cart."""
    programs = []
    for n in range(count):
        product_set, more = ({"products": [n]}, {}) if n < MATCHING else elsewhere(n)
        programs.append(program(n + 1, PERCENT, product_set, **more))
    return ProgramIndex(programs, COMPOUND)


def calls(index):
    """Return how many calls, of Python and of C, an evaluation makes."""
    made = 0

    def count(_frame, event, _argument):
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        evaluate(CART, index)
    finally:
        sys.setprofile(None)
    return made


@pytest.mark.parametrize("way", ELSEWHERE)
def test_ten_thousand_programs_cost_no_more_than_five_hundred(way):
    small, large = shop(ELSEWHERE[way], 500), shop(ELSEWHERE[way], 10000)
    assert canonical(evaluate(CART, small)) == canonical(evaluate(CART, large))
    assert len(evaluate(CART, large)["applied"]) == MATCHING
    assert calls(large) <= 1.2 * calls(small)


def test_what_the_index_does_not_find_is_not_touched():
    index = shop(ELSEWHERE["products"], 10000)
    for each in index.programs[MATCHING:]:
        each.checks = each.trigger_set = each.reward = None
    assert len(evaluate(CART, index)["applied"]) == MATCHING
