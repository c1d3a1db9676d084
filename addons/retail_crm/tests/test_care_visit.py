from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common_care import CareCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestCareVisit(CareCase):
    """Return visits: members by their purchases, problem, suggestion and score."""

    def _wizard(self, **values):
        return (
            self.env["retail.care.visit"]
            .with_user(self.manager)
            .create(
                {
                    "company_id": self.company.id,
                    "store_ids": self.store.ids,
                    "date_from": self.TODAY - timedelta(days=30),
                    "date_to": self.TODAY,
                    **values,
                }
            )
        )

    def _buyers(self, count, **values):
        members = self.env["res.partner"]
        for number in range(count):
            member = self._member(f"Buyer {number}", guide=self.guide, **values)
            self._bought(member, 10)
            members |= member
        self.env["retail.sale.fact"].search([("partner_id", "in", members.ids)]).write(
            {"total_company": 10}
        )
        return members

    def _make(self, wizard):
        action = wizard.action_make()
        return self.env["retail.care.task"].search(action["domain"])

    def test_three_buyers_three_tasks(self):
        buyers = self._buyers(2) | self.recent
        wizard = self._wizard(categ_ids=self.product.categ_id.ids)
        self.assertEqual(wizard.member_count, 3)
        tasks = self._make(wizard)
        self.assertEqual(tasks.partner_id, buyers)
        self.assertEqual(tasks.user_id, self.guide)
        with self.assertRaisesRegex(UserError, "Nobody bought"):
            self._make(self._wizard())

    def test_filters(self):
        self._buyers(1)
        self._buyers(1, retail_store_id=self.store_two.id, email="far@example.com")
        self.assertEqual(self._wizard(amount=10).member_count, 1)
        self.assertEqual(self._wizard(amount=11).member_count, 0)
        other = self.env["product.product"].create({"name": "Hat"})
        self.assertEqual(self._wizard(product_ids=other.ids).member_count, 0)
        self.assertEqual(self._wizard(store_ids=self.store_two.ids).member_count, 0, "not hers")
        self.assertEqual(self._wizard(form="visit").member_count, 2)
        self.recent.do_not_contact = True
        self.assertEqual(self._wizard().member_count, 1)

    def test_done_needs_the_score(self):
        task = self._make(self._wizard())[0].with_user(self.guide)
        task.write({"problem": "Too late", "suggestion": "Call before", "result": "pleased"})
        with self.assertRaises(ValidationError):
            task.action_done()
        self.env.invalidate_all()
        task.write({"result": "pleased", "score": "4", "duration": 3})
        task.action_done()
        self.assertEqual(task.state, "done")

    def test_not_reached_needs_none(self):
        task = self._make(self._wizard())[0].with_user(self.guide)
        task.action_not_reached()
        self.assertEqual(task.tries, 1)

    def test_form(self):
        with Form(self.env["retail.care.visit"].with_user(self.manager)) as form:
            self.assertEqual(form.store_ids.ids, self.store.ids)
            form.date_from = self.TODAY - timedelta(days=30)
            self.assertEqual(form.member_count, 1)

    def test_erasing_a_member_empties_what_was_said(self):
        task = self._make(self._wizard())[0]
        task.write({"problem": "The heel of my shoe", "result": "pleased", "score": "2"})
        task.action_done()
        task.partner_id.with_user(self.head)._retail_erase("Asked for it", confirmed=True)
        self.assertFalse(task.problem)
        self.assertFalse(task.message_ids)
        self.assertEqual(task.score, "2", "the figures stay")
