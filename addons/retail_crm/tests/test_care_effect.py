from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .common_care import CareCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestCareEffect(CareCase):
    """Purchases before and after, beside those held out; retention, satisfaction, cost, ROI."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.strategy.plan_ids
        cls.day = cls.TODAY - timedelta(days=10)

    def _cared(self, name, cost=0.0, **values):
        member = self._member(name)
        task = self.env["retail.care.task"].create(
            {
                "strategy_id": self.strategy.id,
                "plan_id": self.plan.id,
                "partner_id": member.id,
                "user_id": self.guide.id,
                "store_id": self.store.id,
                "company_id": self.company.id,
                "occasion": "effect",
                "made_on": self.day,
                "cost": cost,
                "result": "pleased",
                **values,
            }
        )
        task.action_done()
        return member

    def _held_out(self, name):
        member = self._member(name)
        row = {
            "partner_id": member.id,
            "occasion": "effect",
            "outcome": "holdout",
            "guide_id": self.guide.id,
            "store_id": self.store.id,
        }
        self.env["retail.care.held"]._file(self.strategy, [row], self.day)
        return member

    def _sale(self, member, days_ago, amount, cost=0.0):
        self._bought(member, days_ago)
        fact = self.env["retail.sale.fact"].search([("partner_id", "=", member.id)], limit=1)
        fact.write({"amount_company": amount, "cost": cost})

    def _figures(self, *names, by=()):
        self.env["retail.care.task"]._cron_evaluate()
        effect = self.env["retail.care.effect"]
        domain = [("strategy_id", "=", self.strategy.id)]
        rows = effect._read_group(domain, by, [f"{name}:sum" for name in names])
        return rows[0] if not by else rows

    def test_one_more_purchase_of_100(self):
        member = self._cared("Ann")
        self._sale(member, 15, 50.0)
        self._sale(member, 12, 50.0)
        for days in (9, 8, 7):
            self._sale(member, days, 200 / 3)
        self.assertEqual(
            self._figures("orders_before", "orders_after", "amount_before"), (2, 3, 100.0)
        )
        self.assertAlmostEqual(self._figures("amount_after")[0], 200.0, 1)

    def test_two_of_four_bought_again(self):
        members = [self._cared(f"Cared {number}") for number in range(4)]
        for member in members[:2]:
            self._sale(member, 5, 10.0)
        self.assertEqual(self._figures("retention"), (50.0,))

    def test_cost_50_gain_150(self):
        member = self._cared("Ann", cost=50.0)
        self._sale(member, 5, 250.0, cost=100.0)
        self.assertEqual(self._figures("cost", "gain", "roi"), (50.0, 150.0, 200.0))

    def test_without_cost_there_is_no_roi(self):
        member = self._cared("Ann")
        self._sale(member, 5, 250.0, cost=100.0)
        self.assertEqual(self._figures("gain", "roi"), (150.0, False))

    def test_beside_those_held_out(self):
        for name, amount in (("Ann", 300.0), ("Bob", 100.0)):
            self._sale(self._cared(name, cost=10.0), 5, amount)
        self._sale(self._held_out("Cyd"), 5, 120.0)
        self._held_out("Dan")
        figures = self._figures(
            "cared", "held", "mean_after", "mean_held", "retention", "retention_held", "gain"
        )
        # As many as were cared for would have brought 2 x 60 anyway.
        self.assertEqual(figures, (2, 2, 200.0, 60.0, 100.0, 50.0, 280.0))
        self.assertEqual(self._figures("roi"), (1300.0,))

    def test_mean_of_two_scores(self):
        self._cared("Ann", score="5")
        self._cared("Bob", score="2")
        self._cared("Cyd")
        effect = self.env["retail.care.effect"]
        domain = [("strategy_id", "=", self.strategy.id)]
        self.assertEqual(effect._read_group(domain, [], ["score:avg"]), [(3.5,)])

    def test_opinions_are_counted(self):
        price = self.env.ref("retail_crm.care_opinion_price")
        for name in ("Ann", "Bob"):
            self._cared(name, opinion_id=price.id)
        self._cared("Cyd", opinion_id=self.env.ref("retail_crm.care_opinion_praise").id)
        groups = dict(
            self.env["retail.care.task"]._read_group(
                [("strategy_id", "=", self.strategy.id)], ["opinion_id"], ["__count"]
            )
        )
        self.assertEqual(groups[price], 2)

    def test_task_that_follows_adds_its_cost_only(self):
        member = self._cared("Ann", cost=20.0, next_date=self.TODAY + timedelta(days=3))
        follow = self.env["retail.care.task"].search(
            [("partner_id", "=", member.id), ("previous_id", "!=", False)]
        )
        follow.result = "bought"
        follow.action_done()
        self._sale(member, 0, 80.0)
        self.assertEqual(self._figures("cared", "orders_after", "cost"), (1, 1, 40.0))

    def test_returns_and_other_days_do_not_count(self):
        member = self._cared("Ann")
        self._sale(member, 60, 500.0)
        self._sale(member, 5, 80.0)
        self._bought(member, 4, event="returned")
        fact = self.env["retail.sale.fact"].search(
            [("partner_id", "=", member.id), ("event", "=", "returned")]
        )
        fact.amount_company = -30.0
        self.assertEqual(self._figures("amount_before", "amount_after"), (0.0, 50.0))

    def test_who_sees_it(self):
        self._cared("Ann")
        self._cared("Far", store_id=self.store_two.id)
        domain = [("strategy_id", "=", self.strategy.id)]
        effect = self.env["retail.care.effect"]
        self.assertEqual(effect.with_user(self.manager).search_count(domain), 1)
        self.assertEqual(effect.with_user(self.head).search_count(domain), 2)
        self.assertFalse(effect.with_user(self.guide).has_access("read"))
