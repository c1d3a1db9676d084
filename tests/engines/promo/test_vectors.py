"""Every vector through the Python twin, byte by byte; and that the vectors cover the contract."""

import copy

import pytest
from promo_engine import (
    InvalidInput,
    ProgramIndex,
    canonical,
    consumption,
    evaluate,
    refund,
)
from promo_engine.margin import line_floor, part_of_floor

from .cases import OTHER_SHAPES, load, outcome_vectors

VECTORS = outcome_vectors()
NAMES = [f"{topic}-{vector['id']}" for topic, vector in VECTORS]
REASONS = set(
    "not_started ended window store channel currency code member_required class tag segment"
    " not_first spend limit_member quota budget no_matching_line min_qty min_amount"
    " no_target_line zero_discount group_exclusive group_worse".split()
)
KINDS = set("percent amount every tiers nth bundle price cross gift points delivery".split())
MODES = ("compound", "exclusive", "best", "best_line")


@pytest.mark.parametrize("vector", [vector for _topic, vector in VECTORS], ids=NAMES)
def test_outcome(vector):
    given = copy.deepcopy(vector)
    index = ProgramIndex(vector["programs"], vector["groups"])
    outcome = evaluate(vector["cart"], index, explain=vector.get("explain", False))
    assert canonical(outcome) == canonical(vector["expect"])
    assert vector == given, "the input was changed"
    for line, before in zip(outcome["lines"], vector["cart"]["lines"], strict=True):
        assert line["net"] + sum(d["amount"] for d in line["discounts"]) == before["amount"]


@pytest.mark.parametrize("vector", load("errors"), ids=lambda vector: vector["id"])
def test_error(vector):
    with pytest.raises(InvalidInput) as caught:
        evaluate(vector["cart"], vector["programs"], vector["groups"])
    assert str(caught.value) == vector["error"]
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("vector", load("refunds"), ids=lambda vector: vector["id"])
def test_refund(vector):
    keys = ("paid", "cart", "programs", "groups", "granted", "refundable")
    assert canonical(refund(*(vector[key] for key in keys))) == canonical(vector["expect"])


@pytest.mark.parametrize("vector", load("margin"), ids=lambda vector: vector["id"])
def test_floor(vector):
    if "kept" in vector:
        floor = part_of_floor(vector["floor"], vector["qty"], vector["sold"])
        assert floor == vector["kept"]
        return
    keys = ("cost", "margin", "qty", "amount", "untaxed")
    assert line_floor(*(vector[key] for key in keys)) == vector["floor"]


def test_a_margin_that_no_price_has():
    for margin in (-1, 10000):
        with pytest.raises(InvalidInput):
            line_floor(1, margin, 1000, 1000, 1000)


def test_consumption_tells_of_every_applied_program():
    for _topic, vector in VECTORS:
        applied = vector["expect"]["applied"]
        taken = consumption(vector["expect"])
        assert {entry["program"] for entry in taken} == {entry["program"] for entry in applied}
        assert all(entry["orders"] == 1 for entry in taken)
        for key in ("units", "amount"):
            assert sum(e[key] for e in taken) == sum(e[key] for e in applied)


def test_enough_cases_of_our_own_and_each_id_once():
    others = sum(len(load(name)) for name in OTHER_SHAPES)
    assert len(VECTORS) - len(load("contract")) + others >= 150
    topics = {topic for topic, _vector in VECTORS}
    for topic in topics:
        ids = [vector["id"] for other, vector in VECTORS if other == topic]
        assert len(ids) == len(set(ids))


def test_every_reward_applies_and_every_reason_is_given():
    kinds, reasons = set(), set()
    for _topic, vector in VECTORS:
        by_id = {program["id"]: program for program in vector["programs"]}
        kinds |= {by_id[a["program"]]["reward"]["kind"] for a in vector["expect"]["applied"]}
        reasons |= {rejected["reason"] for rejected in vector["expect"]["rejected"]}
    assert kinds == KINDS
    assert reasons == REASONS


def test_every_pair_of_modes_and_0_2_3_decimals():
    pairs, decimals = set(), set()
    for _topic, vector in VECTORS:
        decimals.add(vector["cart"]["decimals"])
        groups = sorted(vector["groups"], key=lambda group: (group["order"], str(group["id"])))
        modes = [group["mode"] for group in groups]
        pairs |= set(zip(modes, modes[1:], strict=False))
    assert pairs >= {(first, then) for first in MODES for then in MODES}
    assert decimals >= {0, 2, 3}
