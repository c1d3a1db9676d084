import json

from odoo.addons.retail_promo.promo_engine import canonical, evaluate
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import file_open

from .common import PromoCommon

TOPICS = ("contract", "conditions", "output", "rewards", "stacking", "units")
# Vectors whose program and cart records can say: see `_sayable`.
PROGRAM_KEYS = {
    "id",
    "version",
    "group",
    "priority",
    "sequence",
    "stackable",
    "trigger",
    "reward",
    "target",
    "max_discount",
}
LEAST = 60
LARGEST = 10**12  # minor units; a float column holds no more digits of a price


@tagged("post_install", "-at_install")
class TestVectors(PromoCommon):
    """The engine's vectors through real records: the order gets what the vector says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vectors = []
        for topic in TOPICS:
            with file_open(f"retail_promo/vectors/{topic}.json") as vectors:
                cls.vectors += json.load(vectors)

    def _sayable(self, vector):
        programs = vector["programs"]
        return (
            "applied" in vector.get("expect", {})
            and programs
            and all(set(program) <= PROGRAM_KEYS for program in programs)
            and all(program.get("max_discount") != 0 for program in programs)
            and all((program.get("trigger") or {}).get("set") != {} for program in programs)
            and all(program.get("target") != {} for program in programs)
            and all(self._is_sound(program) for program in programs)
            and not any("categories" in each for each in self._sets(programs))
            and all(self._is_plain(line) for line in vector["cart"]["lines"])
        )

    def _sets(self, programs):
        """Return all product sets and what they exclude."""
        sets = [(program.get("trigger") or {}).get("set") or {} for program in programs]
        sets += [program.get("target") or {} for program in programs]
        return sets + [each.get("exclude") or {} for each in sets]

    def _is_sound(self, program):
        """Whether the form takes the reward: no empty or excessive ones."""
        reward = program["reward"]
        check = {
            "percent": self._is_rate,
            "amount": self._is_amount,
            "every": self._is_every,
            "tiers": self._is_tiers,
            "nth": self._is_nth,
            "bundle": self._is_bundle,
            "price": self._is_price,
            "cross": self._is_cross,
        }.get(reward["kind"])
        return bool(check and reward.get("max_times") != 0 and check(reward, program))

    def _is_rate(self, reward, _program):
        return 0 < reward["rate"] <= 10000

    def _is_amount(self, reward, program):
        threshold = (program.get("trigger") or {}).get("min_amount")
        return 0 < reward["amount"] and (not threshold or reward["amount"] <= threshold)

    def _is_every(self, reward, _program):
        return 0 < reward["amount"] <= reward["per"]

    def _is_nth(self, reward, program):
        return 0 < reward["k"] < reward["n"] and self._is_rate(reward, program)

    def _is_bundle(self, reward, _program):
        return reward["n"] > 1 and reward["price"] > 0

    def _is_price(self, reward, _program):
        return reward["price"] > 0

    def _is_cross(self, reward, program):
        gives = [reward.get(key) for key in ("rate", "price") if reward.get(key) is not None]
        return (
            program.get("target")
            and reward["k"] > 0
            and len(gives) == 1
            and 0 < gives[0]
            and reward.get("rate", 0) <= 10000
        )

    def _is_tiers(self, reward, _program):
        steps = sorted(reward["steps"], key=lambda step: step["at"])
        starts = [step["at"] for step in steps]
        return (
            steps
            and len(set(starts)) == len(starts)
            and all(
                0 < step["at"]
                and ("rate" in step) != ("amount" in step)
                and 0 < step.get("rate", 1) <= 10000
                and 0 < step.get("amount", 1)
                and (reward["by"] == "qty" or step.get("amount", 0) <= step["at"])
                for step in steps
            )
            and self._is_in_order(reward, steps)
        )

    def _is_in_order(self, reward, steps):
        if reward.get("mode") == "each_step":
            given = 0
            for step in steps:
                given += step.get("amount", 0)
                if reward["by"] == "amount" and given > step["at"]:
                    return False
            return True
        return all(
            lower.get(key, 0) <= step.get(key, 10**12)
            for lower, step in zip(steps, steps[1:], strict=False)
            for key in ("amount", "rate")
        )

    def _is_plain(self, line):
        return (
            0 < line["amount"] < LARGEST
            and line["qty"] > 0
            and line["qty"] % 10 == 0
            and line.get("open") is not False
            and not line.get("floor")
            and "gift_of" not in line
        )

    def _named(self, prefix, named):
        """Return the fields of a product set; the vector's numbers become records."""
        records = {"products": self.products, "brands": self.brands, "tags": self.tags}
        fields = {"products": "product_ids", "brands": "brand_ids", "tags": "tag_ids"}
        return {
            prefix + fields[kind]: [Command.set([records[kind](each).id for each in values])]
            for kind, values in named.items()
            if kind in fields
        }

    def _record(self, model, number, values):
        key = (model, number)
        if key not in self.made:
            self.made[key] = self.env[model].create({"name": f"{number}", **values})
        return self.made[key]

    def brands(self, number):
        return self._record("product.brand", number, {})

    def tags(self, number):
        return self._record("product.tag", number, {})

    def products(self, number, line=None):
        values = {"invoice_policy": "order", "taxes_id": [Command.clear()]}
        product = self._record("product.product", number, values)
        if line:
            product.product_brand_id = self.brands(line["brand"]) if line["brand"] else False
            product.product_tag_ids = [
                Command.set([self.tags(tag).id for tag in line.get("tags") or []])
            ]
        return product

    def _reward(self, reward):
        if reward["kind"] == "tiers":
            return self._tiers(reward)
        group_size = reward.get("n") or 2
        return {
            "reward_kind": reward["kind"],
            "percent": (reward.get("rate") or 0) / 100,
            "reward_amount": (reward.get("amount") or 0) / 100,
            "per_amount": (reward.get("per") or 0) / 100,
            "reward_price": (reward.get("price") or 0) / 100,
            "group_size": group_size,
            "group_count": reward.get("k") or 1,
            "max_times": reward.get("max_times") or 0,
            "cross_gives": "price" if "price" in reward else "percent",
        }

    def _tiers(self, reward):
        scale = 100 if reward["by"] == "amount" else 1000
        steps = [
            {"at": step["at"] / scale, "gives": "rate", "percent": step["rate"] / 100}
            if "rate" in step
            else {"at": step["at"] / scale, "amount": step["amount"] / 100}
            for step in reward["steps"]
        ]
        return {
            "reward_kind": "tiers",
            "tier_by": reward["by"],
            "tier_mode": reward.get("mode", "best_step"),
            "tier_ids": [Command.create(step) for step in steps],
        }

    def _trigger(self, trigger):
        named = trigger.get("set") or {"all": True}
        return {
            "min_qty": (trigger.get("min_qty") or 0) / 1000,
            "min_amount": (trigger.get("min_amount") or 0) / 100,
            "product_scope": "all" if named.get("all") else "some",
            **self._named("", named),
            **self._named("exclude_", named.get("exclude") or {}),
        }

    def _target(self, target):
        if target is None:
            return {}
        return {"target_scope": "some", **self._named("target_", target)}

    def _build(self, vector):
        groups = {
            group["id"]: self.env["retail.promotion.group"].create(
                {
                    "name": f"{vector['id']} {group['id']}",
                    "mode": group["mode"],
                    "sequence": group["order"],
                    "company_id": self.company.id,
                }
            )
            for group in sorted(vector["groups"], key=lambda group: group["id"])
        }
        promotions = {}
        for program in sorted(vector["programs"], key=lambda program: program["id"]):
            promotions[program["id"]] = self._promotion(
                name=f"{vector['id']} {program['id']}",
                group_id=groups[program["group"]].id,
                priority=program["priority"],
                sequence=program["sequence"],
                stackable=program.get("stackable") or False,
                max_discount=(program.get("max_discount") or 0) / 100,
                **self._trigger(program.get("trigger") or {}),
                **self._target(program.get("target")),
                **self._reward(program["reward"]),
            )
        return promotions

    def test_vectors_that_records_can_say(self):
        sayable = [vector for vector in self.vectors if self._sayable(vector)]
        self.assertGreaterEqual(len(sayable), LEAST)
        kinds = {program["reward"]["kind"] for each in sayable for program in each["programs"]}
        self.assertEqual(len(kinds), 8)
        for vector in sayable:
            with self.subTest(vector=vector["id"]), self.env.cr.savepoint() as savepoint:
                self._check(vector)
                savepoint.rollback()
            self.env.registry.clear_cache()
            self.env.invalidate_all()

    def _check(self, vector):
        self.made = {}
        order_lines = [
            (
                self.products(line["product"], line),
                line["qty"] / 1000,
                {"price_unit": line["amount"] / line["qty"] * 10},
            )
            for line in vector["cart"]["lines"]
        ]
        promotions = self._build(vector)
        order = self._order(*order_lines)
        lines = order.order_line.filtered(lambda line: not line.retail_promotion_id)
        amounts = [round(line.price_total * 100) for line in lines]
        self.assertEqual(amounts, [line["amount"] for line in vector["cart"]["lines"]])
        given = {}
        for ours in self._ours(order):
            given[ours.retail_promotion_id] = round(-ours.price_total * 100)
        wanted = {
            promotions[entry["program"]]: entry["amount"]
            for entry in vector["expect"]["applied"]
            if entry["amount"]
        }
        self.assertEqual(given, wanted)
        self.assertEqual(round(order.amount_total * 100), vector["expect"]["total"])

    def test_the_server_s_engine_passes_the_contract(self):
        for vector in self.vectors:
            if "applied" in vector.get("expect", {}):
                outcome = evaluate(
                    vector["cart"],
                    vector["programs"],
                    vector["groups"],
                    explain=vector.get("explain", False),
                )
                self.assertEqual(canonical(outcome), canonical(vector["expect"]), vector["id"])
