import json

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import file_open

from odoo.addons.retail_promo.promo_engine import canonical, evaluate

from .common import PromoCommon

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
    "max_discount",
}
LEAST = 5


@tagged("post_install", "-at_install")
class TestVectors(PromoCommon):
    """The engine's vectors through real records: the order gets what the vector says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("retail_promo/vectors/contract.json") as vectors:
            cls.vectors = json.load(vectors)

    def _sayable(self, vector):
        programs = vector["programs"]
        return (
            programs
            and vector["cart"]["currency"] == "USD"
            and all(set(program) <= PROGRAM_KEYS for program in programs)
            and all(program["reward"]["kind"] in ("percent", "tiers") for program in programs)
            and all(not (program.get("trigger") or {}).get("set") for program in programs)
            and all(
                line["amount"] > 0 and line["qty"] > 0 and "floor" not in line
                for line in vector["cart"]["lines"]
            )
            and all(line.get("open") is not False for line in vector["cart"]["lines"])
        )

    def _reward(self, reward):
        if reward["kind"] == "percent":
            return {"percent": reward["rate"] / 100}
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
            for group in vector["groups"]
        }
        promotions = {}
        for program in vector["programs"]:
            trigger = program.get("trigger") or {}
            promotions[program["id"]] = self._promotion(
                name=f"{vector['id']} {program['id']}",
                group_id=groups[program["group"]].id,
                priority=program["priority"],
                sequence=program["sequence"],
                stackable=program.get("stackable") or False,
                min_qty=(trigger.get("min_qty") or 0) / 1000,
                min_amount=(trigger.get("min_amount") or 0) / 100,
                max_discount=(program.get("max_discount") or 0) / 100,
                **self._reward(program["reward"]),
            )
        return promotions

    def test_vectors_that_records_can_say(self):
        sayable = [vector for vector in self.vectors if self._sayable(vector)]
        self.assertGreaterEqual(len(sayable), LEAST)
        for vector in sayable:
            with self.subTest(vector=vector["id"]):
                self._check(vector)

    def _check(self, vector):
        promotions = self._build(vector)
        goods = self._goods(1)
        order = self._order(
            *[
                (
                    goods,
                    line["qty"] / 1000,
                    {"price_unit": line["amount"] / line["qty"] * 10},
                )
                for line in vector["cart"]["lines"]
            ]
        )
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
        for promotion in promotions.values():
            promotion.action_end()

    def test_the_server_s_engine_passes_the_contract(self):
        for vector in self.vectors:
            if "expect" in vector:
                outcome = evaluate(
                    vector["cart"],
                    vector["programs"],
                    vector["groups"],
                    explain=vector.get("explain", False),
                )
                self.assertEqual(canonical(outcome), canonical(vector["expect"]), vector["id"])
