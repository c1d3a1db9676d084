from datetime import date

from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestFactTill(TillCommon):
    """What is paid at a till is sold: one row per line of goods."""

    def test_sale_is_written_when_it_is_paid(self):
        cup = {
            "product": self.cup,
            "quantity": 1,
            "discount": 25,
            "price_subtotal": 15.0,
            "price_subtotal_incl": 15.0,
        }
        order = self._sale(
            (self.tea, 2), cup, customer=self.member, date_order="2026-05-01 17:00:00"
        )
        self.assertRecordValues(
            self._facts(order),
            [
                {
                    "product_id": self.tea.id,
                    "event": "sold",
                    "qty": 2.0,
                    "price_total": 120.0,
                    "discount_amount": 0.0,
                    "cost": 60.0,
                    "store_id": self.store.id,
                    "channel_id": self.env.ref("retail_crm.channel_store").id,
                    "partner_id": self.member.id,
                    "guide_id": self.guide.id,
                    # One o'clock at night on the next day, by the clock of the store.
                    "day": date(2026, 5, 2),
                    "document": order.name,
                },
                {
                    "product_id": self.cup.id,
                    "event": "sold",
                    "qty": 1.0,
                    "price_total": 15.0,
                    "discount_amount": 5.0,
                    "cost": 10.0,
                    "store_id": self.store.id,
                    "channel_id": self.env.ref("retail_crm.channel_store").id,
                    "partner_id": self.member.id,
                    "guide_id": self.guide.id,
                    "day": date(2026, 5, 2),
                    "document": order.name,
                },
            ],
        )

    def test_cashier_is_the_guide_of_a_stranger(self):
        order = self._sale((self.tea, 1))
        self.assertEqual(self._facts(order).guide_id, order.user_id)

    def test_draft_is_not_sold(self):
        order = self._sale((self.tea, 1), state="draft", payment_ids=[], amount_paid=0)
        self.assertFalse(self._facts(order))

    def test_return_belongs_to_the_basket_of_its_sale(self):
        order = self._sale((self.tea, 2), customer=self.member)
        self._refund(order, self.tea, 1)
        self.assertRecordValues(
            self._facts(order),
            [
                {"event": "sold", "qty": 2.0, "price_total": 120.0, "cost": 60.0},
                {"event": "returned", "qty": -1.0, "price_total": -60.0, "cost": -30.0},
            ],
        )

    def test_refund_of_the_back_office(self):
        order = self._sale((self.tea, 2))
        refund = order._refund()
        self.make_payment(refund, self.cash_pm1, -120.0)
        self.assertEqual(self._facts(order).mapped("price_total"), [120.0, -120.0])

    def test_written_twice_changes_nothing(self):
        order = self._sale((self.tea, 2))
        stamp = self._facts(order).write_date
        self.assertEqual(order._fact_write(), {"inserted": 0, "updated": 0, "deleted": 0})
        self.assertEqual(self._facts(order).write_date, stamp)

    def test_tip_is_no_goods(self):
        tip = self.env.ref("point_of_sale.product_product_tip")
        self.config.write({"iface_tipproduct": True, "tip_product_id": tip.id})
        order = self._sale((self.tea, 1), {"product": tip, "quantity": 1, "price_unit": 5.0})
        self.assertEqual(self._facts(order).product_id, self.tea)

    def test_discount_line_is_spread_over_goods(self):
        discount = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "available_in_pos": True, "taxes_id": False}
        )
        line = {
            "product": discount,
            "quantity": 1,
            "price_unit": -10.0,
            "price_subtotal": -10.0,
            "price_subtotal_incl": -10.0,
        }
        order = self._sale((self.tea, 1), (self.cup, 2), line)
        self.assertRecordValues(
            self._facts(order),
            [
                {"product_id": self.tea.id, "promotion_amount": 6.0, "price_total": 54.0},
                {"product_id": self.cup.id, "promotion_amount": 4.0, "price_total": 36.0},
            ],
        )

    def test_check_repairs_what_is_missing_and_surplus(self):
        order = self._sale((self.tea, 2), (self.cup, 1))
        facts = self.env["retail.sale.fact"]
        self.env.cr.execute(
            "DELETE FROM retail_sale_fact WHERE product_id = %s",
            [self.tea.id],
        )
        self.env.cr.execute(
            "UPDATE retail_sale_fact SET qty = 7 WHERE basket = %s", [f"pos.order,{order.id}"]
        )
        facts.invalidate_model()
        facts._check()
        self.assertEqual(self._facts(order).mapped("qty"), [2.0, 1.0])
        self.assertEqual(facts._check()["updated"], 0)

    def test_rebuild(self):
        order = self._sale((self.tea, 2))
        self.env.cr.execute("DELETE FROM retail_sale_fact")
        self.env["retail.sale.fact"].invalidate_model()
        self.env["retail.sale.fact"]._rebuild([("company_id", "=", self.company.id)])
        self.assertEqual(self._facts(order).mapped("qty"), [2.0])

    def test_writing_is_cheap(self):
        orders = self._sale((self.tea, 2), (self.cup, 1)) | self._sale((self.tea, 1))
        orders._fact_write()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            orders._fact_write()
