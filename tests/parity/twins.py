"""Both twins on the same cases, and the smallest case on which they differ."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from promo_engine import InvalidInput, canonical, evaluate
from promo_engine.margin import line_floor

SCRIPT = Path(__file__).with_name("evaluate.mjs")
NODE_TIMEOUT = 900  # seconds, for the longest run


def with_floors(cart):
    """Return the cart in which lines that tell what they cost get the floor of their margin."""
    lines = [dict(line) for line in cart["lines"]]
    for line in lines:
        cost = line.pop("cost", None)
        if cost:
            line["floor"] = line_floor(
                cost["unit"], cost["margin"], line["qty"], line["amount"], cost["untaxed"]
            )
    return {**cart, "lines": lines}


def by_python(case):
    """Return the canonical outcome, or the canonical error, as bytes."""
    try:
        cart = with_floors(case["cart"])
        outcome = evaluate(cart, case["programs"], case["groups"], case["explain"])
    except InvalidInput as error:
        outcome = {"error": str(error)}
    return canonical(outcome)


def by_javascript(cases):
    """Return the canonical outcomes of the cases, as bytes, from one Node process."""
    node = os.environ.get("DAOGOU_NODE") or shutil.which("node")
    assert node, "the parity tests need Node"
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    done = subprocess.run(
        [node, str(SCRIPT)],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        timeout=NODE_TIMEOUT,
        check=True,
    )
    return done.stdout.splitlines()


def differing(cases):
    """Return the first case on which the twins differ, None if there is none."""
    for case, other in zip(cases, by_javascript(cases), strict=True):
        if by_python(case) != other:
            return case
    return None


def smaller(case):
    """Return the cases with one part less: a program, a line, a group, a key."""
    cases = []

    def without(change):
        copy = json.loads(json.dumps(case))
        change(copy)
        cases.append(copy)

    for place in range(len(case["programs"])):
        without(lambda copy, place=place: copy["programs"].pop(place))
    for place in range(len(case["cart"]["lines"])):
        without(lambda copy, place=place: copy["cart"]["lines"].pop(place))
    used_groups = {program["group"] for program in case["programs"]}
    for place, group in enumerate(case["groups"]):
        if group["id"] not in used_groups:
            without(lambda copy, place=place: copy["groups"].pop(place))
    for key in case["cart"]["used"]:
        without(lambda copy, key=key: copy["cart"]["used"].pop(key))
    for place, program in enumerate(case["programs"]):
        for key in set(program) - {"id", "version", "group", "priority", "sequence", "reward"}:
            without(lambda copy, place=place, key=key: copy["programs"][place].pop(key))
    return cases


def shrink(case, differs=differing):
    """Drop parts of a differing case as long as it still differs."""
    while True:
        found = differs(smaller(case))
        if found is None:
            return case
        case = found


def as_vector(case):
    """Return the text of a case in vector form, with the outcomes of both twins."""
    vector = {
        "id": "P000",
        "why": "the twins differed",
        **case,
        "cart": with_floors(case["cart"]),
        "expect": json.loads(by_python(case)),
    }
    text = json.dumps(vector, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\nJavaScript: {by_javascript([case])[0].decode()}"
