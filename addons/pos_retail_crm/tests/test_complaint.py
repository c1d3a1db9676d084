from datetime import timedelta
from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TillCommon

REMEDIES = "odoo.addons.pos_retail_crm.models.retail_complaint_remedy"


@tagged("post_install", "-at_install")
class TestComplaint(TillCommon):
    def setUp(self):
        super().setUp()
        self.order = self._sale((self.tea, 1), (self.cup, 1), customer=self.member)

    def _values(self, **values):
        tea = self.order.lines.filtered(lambda line: line.product_id == self.tea)
        return {
            "request_uuid": str(uuid4()),
            "kind": "complaint",
            "text": "The tea was <b>stale</b>.\nAll of it.",
            "line_uuids": [tea.uuid],
            **values,
        }

    def _open(self, **values):
        answer = self.order.with_user(self.cashier).retail_open_complaint(self._values(**values))
        return self.env["helpdesk.ticket"].browse(answer["id"])

    def test_cashier_opens_a_complaint(self):
        ticket = self._open()
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "The tea was <b>stale</b>.",
                    "retail_kind": "complaint",
                    "pos_order_id": self.order.id,
                    "partner_id": self.member.id,
                    "retail_store_id": self.store.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(ticket.retail_product_ids, self.tea)
        self.assertEqual(ticket.pos_line_ids, self.order.lines[0])
        self.assertIn("1 × Tea", ticket.pos_line_text)
        self.assertIn("&lt;b&gt;stale", ticket.description)
        self.assertTrue(ticket.deadline)
        self.order.invalidate_recordset(["helpdesk_ticket_count"])
        self.assertEqual(self.order.helpdesk_ticket_count, 1)

    def test_same_request_makes_one_ticket(self):
        request = str(uuid4())
        first = self._open(request_uuid=request)
        self.assertEqual(self._open(request_uuid=request), first)
        self.assertNotEqual(self._open(), first)

    def test_it_needs_words_a_kind_and_a_paid_order(self):
        with self.assertRaises(UserError):
            self._open(text="  ")
        with self.assertRaises(UserError):
            self._open(kind="praise")
        self.order = self._sale((self.tea, 1), state="draft", payment_ids=[], amount_paid=0)
        with self.assertRaises(UserError):
            self._open()

    def test_stranger_to_the_till_may_not(self):
        outsider = self._user("outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self.order.with_user(outsider).retail_open_complaint(self._values())

    def test_back_office(self):
        action = self.order.action_open_complaint()
        self.assertEqual(action["context"]["default_pos_order_id"], self.order.id)
        self.assertEqual(action["context"]["default_retail_kind"], "complaint")
        ticket = self._open()
        self.assertEqual(ticket.action_view_pos_order()["res_id"], self.order.id)
        domain = self.order.action_view_complaints()["domain"]
        self.assertEqual(self.env["helpdesk.ticket"].search(domain), ticket)

    def test_service_reads_the_receipt_of_the_complaint(self):
        """Its number, not the till's records."""
        agent = self._user("till-agent", "base.group_user")
        agent.role_line_ids = [Command.create({"role_id": self.ref("retail_crm.role_service")})]
        ticket = self._open().with_user(agent)
        arch = ticket.get_view(self.ref("helpdesk_mgmt.ticket_view_form"), "form")["arch"]
        self.assertIn('name="pos_order_id"', arch)
        self.assertNotIn("action_view_pos_order", arch)
        [values] = ticket.web_read({"pos_order_id": {"fields": {"display_name": {}}}})
        self.assertEqual(values["pos_order_id"]["display_name"], self.order.display_name)
        with self.assertRaises(AccessError):
            self.order.with_user(agent).read(["name"])

    def test_customer_names_the_own_receipts_in_the_portal(self):
        other = self._sale((self.cup, 1), customer=self.env["res.partner"].create({"name": "Eve"}))
        self._refund(self.order, self.cup, 1)
        tickets = self.env["helpdesk.ticket"]
        found = tickets._retail_portal_purchases(self.member, self.company)
        self.assertEqual(list(found), [f"pos.order,{self.order.id}"])
        self.assertNotIn(f"pos.order,{other.id}", found)
        values = found[f"pos.order,{self.order.id}"]["values"]
        self.assertEqual(values["retail_store_id"], self.store.id)
        self.assertEqual(self._open()._retail_portal_purchase(), self.order.pos_reference)

    def _remedy(self, ticket, kind, **values):
        return self.env["retail.complaint.remedy"].create(
            {"ticket_id": ticket.id, "kind": kind, **values}
        )

    def test_compensation_of_a_receipt(self):
        """Money goes back up to what was paid, less what came back at the till."""
        ticket = self._open()
        self._refund(self.order, self.cup, 1)
        remedy = self._remedy(ticket, "compensation", amount=61)
        with self.assertRaisesRegex(UserError, "more than can go back"):
            remedy.action_make()
        remedy.amount = 60
        remedy.action_make()
        self.assertEqual(ticket.remedy_cost, 60)
        with self.assertRaisesRegex(UserError, "more than can go back"):
            self._remedy(ticket, "compensation", amount=1).action_make()
        self._refund(self.order, self.tea, 1)
        with self.assertRaisesRegex(UserError, "refunded already"):
            self._remedy(ticket, "compensation", amount=1).action_make()

    def _card(self):
        self.cashier.retail_store_ids = self.store
        member = self.member.with_user(self.cashier)
        return member.retail_till_card(self.config.id)["refunds"]

    def test_refund_waits_at_the_till_until_it_is_paid(self):
        ticket = self._open()
        remedy = self._remedy(ticket, "refund")
        remedy.action_make()
        self.assertEqual((remedy.state, remedy.amount, remedy.cost), ("till", 60, 0))
        [told] = self._card()
        self.assertEqual(told["receipt"], self.order.pos_reference)
        self.assertEqual((told["amount"], told["number"]), (60, ticket.number))
        with self.assertRaisesRegex(UserError, "more than can go back"):
            self._remedy(ticket, "compensation", amount=21).action_make()
        self._refund(self.order, self.cup, 1)
        self.assertEqual(remedy.state, "till", "other goods came back")
        refund = self._refund(self.order, self.tea, 1)
        self.assertEqual((remedy.state, remedy.cost), ("done", 60))
        self.assertEqual(remedy.document, refund)
        self.assertEqual(ticket.remedy_cost, 60)
        self.assertFalse(self._card())

    def test_a_request_that_was_closed_meanwhile(self):
        ticket = self._open()
        remedy = self._remedy(ticket, "refund")
        remedy.action_make()
        ticket.write({"solution": "Money back.", "cause_id": self.ref("retail_crm.cause_quality")})
        ticket.action_retail_propose()
        ticket.sudo()._retail_portal_accept(self.member, "")
        ticket.sudo()._retail_move("closed")
        self._refund(self.order, self.tea, 1)
        self.assertEqual((remedy.state, remedy.cost), ("done", 60))

    def test_what_is_wrong_with_a_request_never_keeps_a_refund_from_being_saved(self):
        ticket = self._open()
        remedy = self._remedy(ticket, "refund")
        remedy.action_make()
        # Whatever goes wrong there: here the database refuses.
        self.env.cr.execute(
            "ALTER TABLE retail_complaint_remedy ADD CONSTRAINT broken CHECK (state != 'done')"
        )
        with mute_logger("odoo.sql_db", REMEDIES):
            refund = self._refund(self.order, self.tea, 1)
        self.assertEqual((refund.state, remedy.state), ("paid", "till"))

    def test_refund_never_above_what_was_paid(self):
        ticket = self._open()
        self._remedy(ticket, "compensation", amount=30).action_make()
        with self.assertRaisesRegex(UserError, "more than can go back"):
            self._remedy(ticket, "refund").action_make()
        self._refund(self.order, self.tea, 1)
        with self.assertRaisesRegex(UserError, "Say how much"):
            self._remedy(ticket, "refund").action_make()
        self._refund(self.order, self.cup, 1)
        with self.assertRaisesRegex(UserError, "refunded already"):
            self._remedy(ticket, "refund").action_make()

    def test_refund_has_the_days_of_return_and_can_be_cancelled(self):
        ticket = self._open()
        self.order.date_order -= timedelta(days=8)
        agent = self._user("till-agent", "base.group_user")
        agent.role_line_ids = [Command.create({"role_id": self.ref("retail_crm.role_service")})]
        agent.set_groups_from_roles()
        remedy = self._remedy(ticket, "refund")
        with self.assertRaisesRegex(UserError, "more than 7 days"):
            remedy.with_user(agent).action_make()
        remedy.action_make()
        remedy.action_cancel()
        self.assertFalse(self._card())
        self._refund(self.order, self.tea, 1)
        self.assertEqual(remedy.state, "cancelled")
