"""The vectors on disk, and small builders for carts and programs."""

import json
from pathlib import Path

VECTORS = Path(__file__).resolve().parents[3] / "addons" / "retail_promo" / "vectors"
OTHER_SHAPES = ("errors", "margin", "refunds")
COMPOUND = [{"id": "g", "order": 1, "mode": "compound"}]


def load(name):
    """Return the vectors of one file."""
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def outcome_vectors():
    """Return all vectors that expect an outcome, as (topic, vector)."""
    topics = sorted(path.stem for path in VECTORS.glob("*.json"))
    return [(topic, v) for topic in topics if topic not in OTHER_SHAPES for v in load(topic)]


def line(identifier, product=1, qty=1000, amount=1000, **more):
    return {"id": identifier, "product": product, "qty": qty, "amount": amount, **more}


def cart(*lines, **more):
    return {
        "now": "2026-11-22T10:00:00",
        "utc": "2026-11-22T02:00:00Z",
        "store": 1,
        "channel": "pos",
        "currency": "CNY",
        "decimals": 2,
        "codes": [],
        "member": None,
        "used": {},
        "lines": list(lines),
        **more,
    }


def program(identifier, reward, product_set=None, **more):
    return {
        "id": identifier,
        "version": 1,
        "group": "g",
        "priority": 10,
        "sequence": identifier,
        "stackable": False,
        "trigger": {"set": {"all": True} if product_set is None else product_set},
        "reward": reward,
        **more,
    }
