from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PromoCommon
from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestRemedy(LoyaltyCommon):
    """Coupons and points for the customer of a complaint."""

    def _remedy(self, kind, **values):
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Bruised",
                "description": "<p>Bruised</p>",
                "retail_kind": "complaint",
                "partner_id": self.member.id,
                "company_id": self.company.id,
            }
        )
        return self.env["retail.complaint.remedy"].create(
            {"ticket_id": ticket.id, "kind": kind, **values}
        )

    def test_coupon(self):
        promotion = self._coupon_promotion()
        remedy = self._remedy("coupon", promotion_id=promotion.id, amount=10)
        remedy.action_make()
        card = remedy.document
        self.assertRecordValues(
            card,
            [
                {
                    "partner_id": self.member.id,
                    "retail_promotion_id": promotion.id,
                    "retail_origin": remedy.ticket_id.display_name,
                }
            ],
        )
        self.assertEqual(remedy.ticket_id.remedy_cost, 10)

    def test_coupon_needs_its_promotion_and_worth(self):
        with self.assertRaisesRegex(UserError, "promotion"):
            self._remedy("coupon", amount=10).action_make()
        with self.assertRaisesRegex(UserError, "worth"):
            self._remedy("coupon", promotion_id=self._coupon_promotion().id).action_make()

    def test_points(self):
        self.company.retail_points_value = 0.1
        remedy = self._remedy("points", points=50)
        self.assertAlmostEqual(remedy.amount, 5)
        remedy.action_make()
        self.assertEqual(self._points(), 50)
        self.assertEqual(remedy.document.points, 50)
        with self.assertRaisesRegex(UserError, "how many"):
            self._remedy("points").action_make()
        with self.assertRaises(UserError):
            remedy.points = 60
        self.assertBook()


@tagged("post_install", "-at_install")
class TestRemedyRefund(PromoCommon):
    """A refund as a remedy gives back what the goods cost after their promotions, no more."""

    def _ticket(self, *steps, taxes=None):
        """Sell, invoice and pay three of 100.00 under a promotion; return a complaint of it."""
        self._steps(*steps)
        order = self._order((self._goods(100, taxes), 3))
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        return self.env["helpdesk.ticket"].create(
            {
                "name": "Bruised",
                "description": "<p>Bruised</p>",
                "retail_kind": "complaint",
                "partner_id": order.partner_id.id,
                "company_id": self.company.id,
                "sale_order_id": order.id,
            }
        )

    def _refund(self, ticket, quantity=None):
        """Return the worth of a refund of so many, made; the whole order without a quantity."""
        values = {"ticket_id": ticket.id, "kind": "refund"}
        if quantity:
            line = ticket.sale_order_id.order_line[0]
            values |= {"sale_line_id": line.id, "quantity": quantity}
        remedy = self.env["retail.complaint.remedy"].create(values)
        remedy.action_make()
        self.assertEqual(remedy.state, "done")
        self.assertEqual(sum(remedy.move_ids.mapped("amount_total")), remedy.amount)
        return remedy.amount

    def _differences(self):
        return self.env["retail.promotion.difference"].search_count(
            [("company_id", "=", self.company.id)]
        )

    def test_what_the_kept_goods_do_not_earn_is_taken_back(self):
        ticket = self._ticket((300, 30))
        self.assertEqual(self._refund(ticket, 2), 170)
        self.assertFalse(self._differences())
        self.assertEqual(self._refund(ticket), 100)

    def test_a_lower_step_is_kept(self):
        ticket = self._ticket((100, 10), (200, 30))
        self.assertEqual(self._refund(ticket, 1), 100)
        self.assertEqual(self._refund(ticket, 1), 80)
        self.assertFalse(self._differences())

    def test_all_pieces_give_back_what_was_paid(self):
        self.assertEqual(self._refund(self._ticket((100, 10), (200, 30)), 3), 270)

    def test_the_whole_order_with_tax_on_top(self):
        ticket = self._ticket((100, 10), (200, 30), taxes=self.tax15)
        paid = ticket.sale_order_id.invoice_ids.amount_total
        self.assertEqual(self._refund(ticket), paid)

    def test_the_approval_sees_the_worth_of_the_documents(self):
        ticket = self._ticket((100, 10))
        remedy = self.env["retail.complaint.remedy"].create(
            {"ticket_id": ticket.id, "kind": "refund"}
        )
        remedy.amount = 1
        remedy.action_make()
        self.assertEqual(remedy.amount, 290)
