"""Random baskets through both twins: not one byte of difference.

DAOGOU_BASKETS says how many (10000 if it isn't set), DAOGOU_SEED with which seed.
"""

import json
import os
from random import Random

import pytest
from basket_generator import make_case
from twins import as_vector, by_javascript, by_python, differing, shrink, smaller

BASKETS = int(os.environ.get("DAOGOU_BASKETS", "10000"))
SEED = int(os.environ.get("DAOGOU_SEED", "20261122"))
BROKEN = 0.02  # share of cases that break the contract
BATCH = 10000  # cases held in memory at once


def test_twins_give_the_same_bytes():
    random = Random(SEED)
    for start in range(0, BASKETS, BATCH):
        cases = [make_case(random, BROKEN) for _n in range(min(BATCH, BASKETS - start))]
        case = differing(cases)
        if case is not None:
            pytest.fail(f"the twins differ:\n{as_vector(shrink(case))}")


def test_the_generator_reaches_every_reward_and_reason():
    random = Random(SEED)
    kinds, reasons, errors, unsafe = set(), set(), 0, 0
    for _n in range(2000):
        case = make_case(random, BROKEN)
        outcome = json.loads(by_python(case))
        if "error" in outcome:
            errors += 1
            continue
        by_id = {program["id"]: program["reward"]["kind"] for program in case["programs"]}
        kinds |= {by_id[entry["program"]] for entry in outcome["applied"]}
        reasons |= {entry["reason"] for entry in outcome["rejected"]}
        unsafe += outcome["total"] >= 2**53
    assert len(kinds) == 11
    assert len(reasons) == 23
    assert errors > 10
    assert unsafe > 5


def test_a_difference_is_found_and_shrunk():
    """As if the twins differed on every basket of two lines that has a program of kind nth."""

    def differs(cases):
        for case in cases:
            kinds = [program["reward"]["kind"] for program in case["programs"]]
            if "nth" in kinds and len(case["cart"]["lines"]) > 1:
                return case
        return None

    random = Random(SEED)
    case = differs(make_case(random) for _n in range(1000))
    small = shrink(case, differs)
    assert len(small["programs"]) == 1
    assert len(small["cart"]["lines"]) == 2
    assert differs(smaller(small)) is None
    text, other = as_vector(small).split("\n")
    assert json.loads(text)["expect"]
    assert other.encode() == b"JavaScript: " + by_javascript([small])[0]
