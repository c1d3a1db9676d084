from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_service import ServiceCase


@tagged("post_install", "-at_install")
class TestTillCard(ServiceCase):
    """What who serves a member sees at a glance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.country_id = cls.env.ref("base.cn")
        cls.member = cls._member(
            "Card Carla",
            member_code="TC-1",
            phone="13812345678",
            retail_preference="Call 13812345678, likes tea",
            category_id=[(0, 0, {"name": "Tea friend", "color": 4})],
        )

    def _card(self, user=None):
        return self.member.with_user(user or self.cashier)._retail_till_card()

    def test_person(self):
        today = fields.Date.context_today(self.member)
        born = (today + timedelta(days=3)).replace(year=1992)
        self.member.birthdate_date = born
        card = self._card()
        self.assertEqual((card["name"], card["member_code"]), ("Card Carla", "TC-1"))
        self.assertEqual([tag["name"] for tag in card["tags"]], ["Tea friend"])
        self.assertEqual(card["birthday"]["days"], 3)
        self.assertNotIn("13812345678", repr(card))
        self.assertIn("likes tea", card["preference"])

    def test_many_cost_no_more_queries(self):
        members = self.member + self._member("Second Sue") + self._member("Third Tom")
        cashier = members.with_user(self.cashier)
        cashier._retail_till_brief()  # fills the caches of rules and groups
        self.env.flush_all()
        counts = []
        for some in (cashier[:1], cashier):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(some._retail_till_brief()), len(some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_last_purchases(self):
        with freeze_time(self.TODAY):
            for days in range(9, 0, -1):
                self._bought(self.member, days)
        card = self._card()
        self.assertEqual(len(card["purchases"]), 5)
        self.assertEqual(card["purchases"][0]["day"], str(self.TODAY - timedelta(days=1)))
        self.assertEqual(card["purchases"][0]["lines"][0]["product"], "Tea")

    def test_open_complaints_tell_no_words(self):
        values = {
            "description": "<p>secret</p>",
            "partner_id": self.member.id,
            "company_id": self.company.id,
        }
        tickets = self.env["helpdesk.ticket"].create(
            [
                {**values, "name": "Very secret", "retail_kind": "complaint"},
                {**values, "name": "Question", "retail_kind": "consult"},
                {
                    **values,
                    "name": "Confidential",
                    "retail_kind": "complaint",
                    "retail_confidential": True,
                },
            ]
        )
        card = self._card()
        self.assertEqual([row["number"] for row in card["complaints"]], [tickets[0].number])
        self.assertNotIn("secret", repr(card))
        tickets[0].write({"cause_id": self.ref("retail_crm.cause_quality"), "solution": "New tea"})
        tickets[0].action_retail_resolve()
        self.assertFalse(self._card()["complaints"])

    def test_care_that_is_due(self):
        strategy = self.env["retail.care.strategy"].create(
            {"name": "Silent", "company_id": self.company.id}
        )
        plan = strategy.plan_ids
        plan.script = "<p>Say hello</p>"
        today = fields.Date.context_today(strategy)
        for occasion, days in (("late", -1), ("soon", 5), ("far", 30)):
            self.env["retail.care.task"].create(
                {
                    "strategy_id": strategy.id,
                    "plan_id": plan.id,
                    "partner_id": self.member.id,
                    "user_id": self.guide.id,
                    "store_id": self.store.id,
                    "company_id": self.company.id,
                    "occasion": occasion,
                    "due_date": today + timedelta(days=days),
                }
            )
        care = self._card()["care"]
        self.assertEqual([row["overdue"] for row in care], [True, False])
        self.assertEqual(care[0]["script"], "Say hello")

    def test_members_of_other_stores(self):
        """A cashier may sell to anybody, a guide finds them by the whole card only."""
        self._bought(self.member, 1)
        self.env["helpdesk.ticket"].create(
            {
                "name": "Stale",
                "description": "<p>Stale</p>",
                "retail_kind": "complaint",
                "partner_id": self.member.id,
                "company_id": self.company.id,
            }
        )
        self.member.retail_store_id = self.store_two
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._card(self.guide)
        card = self._card()
        self.assertFalse(card["purchases"] or card["complaints"] or card["care"])
        self.member.with_user(self.cashier).retail_find_exact("TC-1")
        card = self._card()
        self.assertTrue(card["purchases"] and card["complaints"])
