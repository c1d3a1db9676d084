import re
from uuid import uuid4

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestReceiptPage(TillCommon, HttpCase):
    """The page behind the code of a receipt, opened by a shopper without a login."""

    def setUp(self):
        super().setUp()
        self.token = uuid4().hex
        self.order = self._sale(
            (self.tea, 1), (self.cup, 1), customer=self.member, retail_receipt_token=self.token
        )
        self.opinions = self.env["retail.receipt.opinion"]

    def _get(self, token=None):
        return self.url_open(f"/retail/receipt/{token or self.token}")

    def _post(self, token=None, **values):
        page = self._get()
        found = re.search('name="csrf_token" value="([^"]+)"', page.text)
        values["csrf_token"] = found.group(1) if found else self.csrf
        self.csrf = values["csrf_token"]
        return self.url_open(f"/retail/receipt/{token or self.token}", data=values)

    def _said(self):
        return self.opinions.search([("token", "=", self.token)])

    def test_the_page(self):
        page = self._get()
        self.assertEqual(page.status_code, 200)
        for text in ("1 × Tea", "1 × Cup", self.order.pos_reference, self.store.name):
            self.assertIn(text, page.text)
        self.assertNotIn("Ada", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_no_such_receipt(self):
        """A wrong token, one that isn't synced, one that isn't paid, and an empty one."""
        draft = self._sale(
            (self.tea, 1),
            state="draft",
            payment_ids=[],
            amount_paid=0,
            retail_receipt_token=uuid4().hex,
        )
        self.order.retail_receipt_token = "short"  # noqa: S105
        for token in (uuid4().hex, draft.retail_receipt_token, "short", self.order.uuid, "%20"):
            page = self._get(token)
            self.assertEqual(page.status_code, 404)
            self.assertNotIn("Tea", page.text)
        self.assertIn("come back", self._get(uuid4().hex).text)

    def test_stars(self):
        page = self._post(kind="opinion", product="5", experience="4", words="Fine <b>tea</b>")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Thank you", page.text)
        self.assertRecordValues(
            self._said(),
            [
                {
                    "kind": "opinion",
                    "document": self.order.pos_reference,
                    "company_id": self.company.id,
                    "store_id": self.store.id,
                    "partner_id": self.member.id,
                    "product_stars": "5",
                    "service_stars": False,
                    "experience_stars": "4",
                    "words": "Fine <b>tea</b>",
                    "ticket_id": False,
                }
            ],
        )
        self.env.flush_all()
        rows = self.env["retail.satisfaction"].search(
            [("source", "=", "receipt"), ("store_id", "=", self.store.id)]
        )
        scores = {row.factor: row.score for row in rows}
        self.assertEqual(scores, {"product": 100, "experience": 75})

    def test_a_low_score_opens_a_complaint(self):
        self._post(kind="opinion", service="2", product="5", words="Nobody <i>came</i>")
        ticket = self._said().ticket_id
        self.assertEqual(ticket.pos_order_id, self.order)
        self.assertEqual(ticket.retail_kind, "complaint")
        self.assertEqual(ticket.partner_id, self.member)
        self.assertIn("Service: 2/5", ticket.description)
        self.assertIn("&lt;i&gt;came", ticket.description)
        self.assertIn(ticket.number, self._get().text)

    def test_a_complaint_once(self):
        tea = self.order.lines.filtered(lambda line: line.product_id == self.tea)
        values = {
            "kind": "complaint",
            "words": "The tea is stale.\nAll of it.",
            "line": [tea.uuid, "no such line"],
            "phone": "139 0000 1111",
            "email": "shopper@example.com",
        }
        self._post(**values)
        self._post(**values)  # the double click
        ticket = self._said().ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "The tea is stale.",
                    "retail_kind": "complaint",
                    "pos_order_id": self.order.id,
                    "retail_store_id": self.store.id,
                    "partner_id": self.member.id,
                    "partner_email": "shopper@example.com",
                    "channel_id": self.ref("retail_crm.ticket_channel_receipt"),
                }
            ],
        )
        self.assertEqual(ticket.pos_line_ids, tea)
        self.assertEqual(ticket.retail_product_ids, self.tea)
        self.assertIn("139 0000 1111", ticket.description)
        self.assertTrue(ticket.user_id)
        self.assertEqual(self.order.helpdesk_ticket_count, 1)

    def test_what_is_refused(self):
        for wrong in (
            {"kind": "opinion", "words": "no star"},
            {"kind": "opinion", "product": "9", "service": "many"},
            {"kind": "complaint", "words": "  "},
            {"kind": "complaint", "words": "x" * 2001},
            {"kind": "complaint", "words": "Stale", "email": "nonsense"},
            {"kind": "complaint", "words": "Stale", "phone": "1" * 101},
        ):
            page = self._post(**wrong)
            self.assertEqual(page.status_code, 422, wrong)
            self.assertIn('role="alert"', page.text)
        self.assertFalse(self._said())
        self.assertEqual(self._post(token=uuid4().hex, kind="opinion").status_code, 404)
        forged = {"kind": "opinion", "product": "5", "csrf_token": "forged"}
        with mute_logger("odoo.http"):
            page = self.url_open(f"/retail/receipt/{self.token}", data=forged)
        self.assertEqual(page.status_code, 400)

    def test_too_much_from_one_address(self):
        self.env["ir.config_parameter"].set_param("retail_crm.receipt_limit", "1")
        self._post(kind="opinion", product="5")
        page = self._post(kind="complaint", words="Stale")
        self.assertEqual(page.status_code, 429)
        self.assertEqual(self._said().kind, "opinion")
        self.opinions.sudo()._gc_addresses()
        self.assertTrue(self._said().address)
        self.env.cr.execute(
            "UPDATE retail_receipt_opinion SET create_date = create_date - interval '2 days'"
        )
        self.env.invalidate_all()
        self.opinions.sudo()._gc_addresses()
        self.assertFalse(self._said().address)

    def test_who_reads_it(self):
        self._post(kind="opinion", product="5")
        agent = self._user("page-agent", "retail_crm.group_service")
        self.assertEqual(self.opinions.with_user(agent).search([]), self._said())
        with self.assertRaises(AccessError):
            self.opinions.with_user(self.cashier).search([])
        with self.assertRaises(AccessError):
            self._said().with_user(agent).read(["token"])
        other = self.env["res.company"].create({"name": "Other"})
        agent.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.opinions.with_user(agent).search([]))
