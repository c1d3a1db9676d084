"""What holds for every cart and every set of programs."""

from fractions import Fraction
from itertools import combinations
from random import Random

from basket_generator import make_case
from hypothesis import given, settings
from hypothesis import strategies as st
from promo_engine import (
    ProgramIndex,
    canonical,
    evaluate,
    largest_remainder,
    mul_div,
)

from .cases import COMPOUND, cart, line, program

# A case is a seed: the generator's own draws would be many times slower under hypothesis.
CASES = st.integers(0, 2**32 - 1).map(lambda seed: make_case(Random(seed)))
PLENTY = settings(max_examples=300, deadline=None)


class EveryProgram(ProgramIndex):
    """An index that leaves nothing out."""

    def candidates(self, _cart):
        return self.programs


@PLENTY
@given(CASES)
def test_a_line_keeps_its_sum_and_its_floor(case):
    outcome = evaluate(case["cart"], case["programs"], case["groups"])
    for before, after in zip(case["cart"]["lines"], outcome["lines"], strict=True):
        discounts = [discount["amount"] for discount in after["discounts"]]
        assert after["net"] + sum(discounts) == before["amount"]
        assert all(amount > 0 for amount in discounts)
        if before["amount"] > 0:
            assert after["net"] >= min(before["amount"], max(0, before.get("floor") or 0))
        else:
            assert not discounts
    assert outcome["total"] == sum(after["net"] for after in outcome["lines"])


@PLENTY
@given(CASES)
def test_applied_amounts_are_the_lines_discounts_within_caps_and_limits(case):
    outcome = evaluate(case["cart"], case["programs"], case["groups"])
    by_id = {program["id"]: program for program in case["programs"]}
    for entry in outcome["applied"]:
        shares = [
            discount["amount"]
            for after in outcome["lines"]
            for discount in after["discounts"]
            if discount["program"] == entry["program"]
        ]
        assert sum(shares) == entry["amount"]
        applied = by_id[entry["program"]]
        limits = applied.get("limits") or {}
        used = case["cart"]["used"].get(str(entry["program"]), {})
        if applied.get("max_discount") is not None:
            assert entry["amount"] <= applied["max_discount"]
        if limits.get("amount") is not None:
            assert entry["amount"] <= limits["amount"] - used.get("amount", 0)
        if limits.get("per_order_units") is not None:
            assert entry["units"] <= limits["per_order_units"]
        for key in ("units", "member_units", "store_units"):
            if limits.get(key) is not None:
                assert entry["units"] <= limits[key] - used.get(key, 0)


@PLENTY
@given(CASES)
def test_the_order_of_programs_and_groups_does_not_matter(case):
    outcome = evaluate(case["cart"], case["programs"], case["groups"], case["explain"])
    for order in (reversed, lambda items: sorted(items, key=lambda item: str(item["id"]))):
        programs, groups = list(order(case["programs"])), list(order(case["groups"]))
        again = evaluate(case["cart"], programs, groups, case["explain"])
        assert canonical(outcome) == canonical(again)


@PLENTY
@given(CASES)
def test_evaluating_with_an_index_is_evaluating_all(case):
    indexed = evaluate(case["cart"], ProgramIndex(case["programs"], case["groups"]))
    everything = evaluate(case["cart"], EveryProgram(case["programs"], case["groups"]))
    assert canonical(indexed) == canonical(everything)


@PLENTY
@given(CASES)
def test_explaining_only_tells_more(case):
    short = evaluate(case["cart"], case["programs"], case["groups"])
    long = evaluate(case["cart"], case["programs"], case["groups"], explain=True)
    for key in ("applied", "lines", "total"):
        assert short[key] == long[key]
    for key in ("rejected", "hints"):
        assert all(entry in long[key] for entry in short[key])
    told = {e["program"] for e in long["applied"]} | {e["program"] for e in long["rejected"]}
    assert told == {program["id"] for program in case["programs"]}


@PLENTY
@given(CASES, CASES)
def test_one_more_program_in_a_last_best_group_never_costs_more(case, other):
    groups = [*case["groups"], {"id": "last", "order": 99, "mode": "best"}]
    more = [{**each, "id": 100 + each["id"], "group": "last"} for each in other["programs"][:4]]
    totals = [
        evaluate(case["cart"], [*case["programs"], *more[:count]], groups)["total"]
        for count in range(len(more) + 1)
    ]
    assert totals == sorted(totals, reverse=True)


def units_of(lines):
    """Return every unit's value: the line's amount over its units, the odd cents first."""
    units = []
    for each in lines:
        count = each["qty"] // 1000
        value, dearer = divmod(each["amount"], count)
        units += [value + 1] * dearer + [value] * (count - dearer)
    return units


def best_grouping(units, n, gain):
    """Return the largest sum of gains over all ways to make disjoint groups of n units."""
    if len(units) < n:
        return 0
    first, rest = units[0], units[1:]
    found = best_grouping(rest, n, gain)
    for others in combinations(range(len(rest)), n - 1):
        group = sorted([first, *(rest[place] for place in others)], reverse=True)
        left = [unit for place, unit in enumerate(rest) if place not in others]
        found = max(found, gain(group) + best_grouping(left, n, gain))
    return found


@st.composite
def few_units(draw):
    """Lines of at most 7 units together."""
    counts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=7))
    while sum(counts) > 7:
        counts.pop()
    amounts = [draw(st.integers(1, 40) | st.integers(1, 5000)) for _count in counts]
    return [
        line(str(place), qty=count * 1000, amount=amount)
        for place, (count, amount) in enumerate(zip(counts, amounts, strict=True))
    ]


@PLENTY
@given(few_units(), st.integers(1, 4), st.integers(1, 4), st.integers(0, 10000))
def test_nth_is_the_best_legal_grouping(lines, n, k, rate):
    def gain(group):
        return sum(mul_div(unit, rate, 10000) for unit in group[-min(k, n) :])

    reward = {"kind": "nth", "n": n, "k": k, "rate": rate}
    outcome = evaluate(cart(*lines), [program(1, reward)], COMPOUND)
    wanted = best_grouping(units_of(lines), n, gain)
    assert outcome["total"] == sum(each["amount"] for each in lines) - wanted


@PLENTY
@given(few_units(), st.integers(1, 4), st.integers(0, 6000))
def test_bundle_is_the_best_legal_grouping(lines, n, price):
    def gain(group):
        return max(0, sum(group) - price)

    reward = {"kind": "bundle", "n": n, "price": price}
    outcome = evaluate(cart(*lines), [program(1, reward)], COMPOUND)
    wanted = best_grouping(units_of(lines), n, gain)
    assert outcome["total"] == sum(each["amount"] for each in lines) - wanted


ANY = st.integers(-(10**20), 10**20)


@given(ANY, ANY, ANY.filter(bool))
def test_mul_div_is_the_nearest_and_halves_go_away_from_zero(a, b, c):
    exact, got = Fraction(a * b, c), mul_div(a, b, c)
    assert abs(exact - got) <= Fraction(1, 2)
    if abs(exact - got) == Fraction(1, 2):
        assert abs(got) > abs(exact)


@given(ANY, st.lists(st.integers(0, 10**18), min_size=1, max_size=12).filter(any))
def test_largest_remainder_sums_and_is_near_and_monotone(total, weights):
    shares = largest_remainder(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1
    by_weight = sorted(zip(weights, map(abs, shares), strict=True))
    assert [share for _weight, share in by_weight] == sorted(map(abs, shares))
