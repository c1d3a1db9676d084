from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestShortSale(GuideCase):
    """The store holds ten of everything; the company refuses to sell what isn't there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.retail_short_sale = "refuse"

    def _order(self, *lines, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "warehouse_id": self.store.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                    for product, quantity in lines
                ],
                **values,
            }
        )

    def test_what_is_not_there_is_not_sold(self):
        order = self._order((self.products["tea"], 11), (self.products["jam"], 10))
        self.assertIn("tea", order.retail_short_text)
        self.assertIn("10 free", order.retail_short_text)
        self.assertNotIn("jam", order.retail_short_text)
        with self.assertRaisesRegex(UserError, "tea: 11"):
            order.action_confirm()
        order.order_line[0].product_uom_qty = 10
        self.assertFalse(order.retail_short_text)
        self.assertTrue(order.action_confirm())
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.retail_short_text)
        with self.assertRaises(UserError):
            self._order((self.products["tea"], 1)).action_confirm()

    def test_two_lines_of_one_product_share_its_stock(self):
        order = self._order((self.products["tea"], 6), (self.products["tea"], 6))
        with self.assertRaisesRegex(UserError, "tea: 6"):
            order.action_confirm()

    def test_packs_count_in_their_unit(self):
        order = self._order((self.products["tea"], 1))
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_a_paid_order_is_never_refused(self):
        order = self._order((self.products["tea"], 11))
        method = self.env.ref("payment.payment_method_unknown")
        provider = self.env["payment.provider"].create({"name": "Wallet", "code": "none"})
        paid = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.link(order.id)],
                "state": "done",
            }
        )
        paid._check_amount_and_confirm_order()
        self.assertEqual(order.state, "sale")

    def test_the_company_warns_unless_it_chose_otherwise(self):
        other = self.env["res.company"].create({"name": "Just Made"})
        self.assertEqual(other.retail_short_sale, "warn")
        self.company.retail_short_sale = "warn"
        order = self._order((self.products["tea"], 11))
        warning = order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(warning["params"]["type"], "warning")
        self.assertIn("tea: 11", warning["params"]["message"])

    def test_the_company_may_allow_it(self):
        self.company.retail_short_sale = "allow"
        order = self._order((self.products["tea"], 11))
        self.assertFalse(order.retail_short_text)
        self.assertTrue(order.action_confirm())

    def test_what_comes_before_the_delivery_counts(self):
        tea = self.products["tea"]
        supplier = self.env.ref("stock.stock_location_suppliers")
        self.env["stock.move"].create(
            {
                "product_id": tea.id,
                "product_uom_qty": 5,
                "location_id": supplier.id,
                "location_dest_id": self.store.lot_stock_id.id,
                "date": fields.Datetime.now() + timedelta(days=3),
                "company_id": self.company.id,
            }
        )._action_confirm()
        order = self._order((tea, 12))
        with self.assertRaises(UserError):
            order.action_confirm()
        order.commitment_date = fields.Datetime.now() + timedelta(days=5)
        self.assertTrue(order.action_confirm())

    def test_only_of_stores_and_of_what_is_kept_in_stock(self):
        service = self.env["product.product"].create({"name": "Wrapping", "type": "service"})
        self.assertTrue(self._order((service, 5)).action_confirm())
        self.store.is_store = False
        self.assertTrue(self._order((self.products["tea"], 11)).action_confirm())

    def test_negative_stock_is_none(self):
        self._stock(self.products["tea"], -15)
        with self.assertRaisesRegex(UserError, "0 free"):
            self._order((self.products["tea"], 1)).action_confirm()

    def test_the_form_tells_before_it_is_confirmed(self):
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.member
            form.warehouse_id = self.store
            with form.order_line.new() as line:
                line.product_id = self.products["tea"]
                line.product_uom_qty = 12
            self.assertIn("12", form.retail_short_text)
