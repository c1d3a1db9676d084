from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestCare(TillCommon):
    """A care task that is due is finished from the member's card at the till."""

    def setUp(self):
        super().setUp()
        self.store.retail_staff_ids += self.cashier
        strategy = self.env["retail.care.strategy"].create(
            {"name": "Silent", "company_id": self.company.id}
        )
        self.task = self.env["retail.care.task"].create(
            {
                "strategy_id": strategy.id,
                "partner_id": self.member.id,
                "user_id": False,
                "store_id": self.store.id,
                "company_id": self.company.id,
                "due_date": fields.Date.context_today(strategy),
            }
        )
        self.as_cashier = self.member.with_user(self.cashier)

    def test_finished_from_the_card(self):
        card = self.as_cashier.retail_till_card(self.config.id)
        self.assertEqual([row["id"] for row in card["care"]], self.task.ids)
        self.assertIn("bought", dict(card["care_results"]))
        for _twice in range(2):
            left = self.as_cashier.retail_till_finish_care(self.task.id, "bought", "Tea")
            self.assertFalse(left)
        self.assertRecordValues(
            self.task,
            [
                {
                    "state": "done",
                    "result": "bought",
                    "result_note": "Tea",
                    "user_id": self.cashier.id,
                }
            ],
        )

    def test_only_with_a_result_of_a_task_of_the_member(self):
        with self.assertRaises(UserError):
            self.as_cashier.retail_till_finish_care(self.task.id, False)
        other = self.env["res.partner"].create({"name": "Other"}).with_user(self.cashier)
        with self.assertRaises(UserError):
            other.retail_till_finish_care(self.task.id, "bought")
        self.assertEqual(self.task.state, "planned")

    def test_not_of_members_of_other_stores(self):
        self.member.retail_store_id = self.env["stock.warehouse"].create(
            {"name": "Far", "code": "FAR", "company_id": self.company.id, "is_store": True}
        )
        self.env.flush_all()
        with self.assertRaises(UserError):
            self.as_cashier.retail_till_finish_care(self.task.id, "bought")
