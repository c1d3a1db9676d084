from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestProtectedLines(PromoCommon):
    """Nobody edits the lines of a promotion: what was changed or deleted comes back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._promotion(percent=10)
        cls.order = cls._order((cls._goods(100, cls.tax15), 2))
        cls.line = cls._ours(cls.order)

    def _check_whole(self):
        ours = self._ours(self.order)
        self.assertRecordValues(
            ours,
            [
                {
                    "product_uom_qty": 1.0,
                    "price_unit": -20.0,
                    "technical_price_unit": -20.0,
                    "discount": 0.0,
                    "name": "Promotion",
                    "price_total": -23.0,
                    "tax_ids": self.tax15.ids,
                }
            ],
        )
        self.assertEqual(self.order.amount_total, 207.0)

    def test_a_quantity_asked_by_a_cart_request(self):
        self.line.product_uom_qty = 5
        self._check_whole()

    def test_every_field(self):
        for values in (
            {"price_unit": -100},
            {"price_unit": -100, "technical_price_unit": -100},
            {"discount": -50},
            {"tax_ids": [Command.clear()]},
            {"tax_ids": [Command.set(self.tax6.ids)]},
            {"name": "Else"},
            {"extra_tax_data": False},
            {"retail_shares": {}},
            {"retail_promotion_version": 7},
            {"product_uom_id": self.uom_dozen.id},
        ):
            self._ours(self.order).write(values)
            self._check_whole()

    def test_through_the_order(self):
        self.order.write(
            {"order_line": [Command.update(self.line.id, {"price_unit": -150, "name": "X"})]}
        )
        self._check_whole()

    def test_deleted(self):
        self.line.unlink()
        self._check_whole()
        self.order.write({"order_line": [Command.delete(self._ours(self.order).id)]})
        self._check_whole()

    def test_a_forged_second_line(self):
        self.env["sale.order.line"].create(
            {
                "order_id": self.order.id,
                "product_id": self.line.product_id.id,
                "name": "Forged",
                "price_unit": -50,
                "retail_promotion_id": self.line.retail_promotion_id.id,
            }
        )
        self._check_whole()

    def test_in_the_form(self):
        with Form(self.order) as form, form.order_line.edit(0) as line:
            line.product_uom_qty = 4
        self.assertGives(self.order, 46)
        with Form(self.order) as form:
            form.order_line.remove(1)
        self.assertGives(self.order, 46)

    def test_prices_updated_from_the_pricelist(self):
        self.order.order_line[0].price_unit = 50
        self.order.action_update_prices()
        self._check_whole()

    def test_confirmed_ones_refuse(self):
        self.order.action_confirm()
        for values in ({"price_unit": -100}, {"product_uom_qty": 2}, {"name": "Else"}):
            with self.assertRaisesRegex(UserError, "line of a promotion"):
                self.line.write(values)
        self._check_whole()

    def test_nobody_adds_one_to_a_confirmed_order(self):
        self.order.action_confirm()
        forged = {
            "order_id": self.order.id,
            "product_id": self.line.product_id.id,
            "name": "Forged",
            "price_unit": -50,
            "retail_promotion_id": self.line.retail_promotion_id.id,
        }
        with self.assertRaisesRegex(UserError, "line of a promotion"):
            self.env["sale.order.line"].create(forged)
        with self.assertRaisesRegex(UserError, "line of a promotion"):
            self.order.order_line[0].retail_promotion_id = self.line.retail_promotion_id

    def test_other_addons_leave_it_alone(self):
        self.assertFalse(self.line._can_be_invoiced_alone())
        self.assertTrue(self.line._is_discount_line())
        self.assertFalse(self.line._can_be_edited_on_portal())
        self.assertFalse(self.line.product_updatable)
        self.assertNotIn(self.line, self.order._get_update_prices_lines())
        self.assertNotIn(self.line, self.order._get_copiable_order_lines())
