from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestGifts(PromoCommon):
    """Gift lines come and go by themselves; what the customer buys is never touched."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tea = cls._goods(30, cls.tax15, name="Tea")
        cls.cup = cls._goods(8, cls.tax6, name="Cup", is_storable=True)
        cls.spoon = cls._goods(2, name="Spoon", is_storable=True)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls._stock(cls.cup, 5)
        cls._stock(cls.spoon, 5)

    @classmethod
    def _stock(cls, product, qty):
        location = cls.warehouse.lot_stock_id
        cls.env["stock.quant"]._update_available_quantity(product, location, qty)
        product.invalidate_recordset()

    def _gift(self, *products, **values):
        return self._promotion(
            reward_kind="gift",
            gift_ids=[Command.create({"product_id": product.id}) for product in products],
            **{
                "group_size": 0,
                "product_scope": "some",
                "product_ids": [Command.set(self.tea.ids)],
                **values,
            },
        )

    def _gifts(self, order):
        lines = order.order_line.filtered("retail_gift_of_id")
        return {line.product_id: line.product_uom_qty for line in lines}

    def test_a_gift_at_its_price_is_taken_to_zero(self):
        promotion = self._gift(self.cup, min_amount=50)
        order = self._order((self.tea, 1))
        self.assertFalse(self._gifts(order))
        order.order_line.product_uom_qty = 2
        self.assertEqual(self._gifts(order), {self.cup: 1})
        gift = order.order_line.filtered("retail_gift_of_id")
        self.assertEqual(gift.price_unit, 8)
        self.assertEqual(self._ours(order).retail_promotion_id, promotion)
        self.assertEqual(self._ours(order).retail_shares, {str(gift.id): 848})
        self.assertEqual(order.amount_total, 69)

    def test_it_goes_with_what_gave_it(self):
        self._gift(self.cup, min_amount=50)
        order = self._order((self.tea, 2))
        order.order_line.filtered(lambda line: line.product_id == self.tea).product_uom_qty = 1
        self.assertFalse(self._gifts(order) or self._ours(order))
        self.assertEqual(order.amount_total, 34.5)

    def test_it_goes_with_the_promotion(self):
        promotion = self._gift(self.cup)
        order = self._order((self.tea, 2))
        promotion.action_pause()
        order._retail_promo_apply()
        self.assertEqual(len(order.order_line), 1)

    def test_for_every_two_one(self):
        self._gift(self.cup, group_size=2)
        self.assertEqual(self._gifts(self._order((self.tea, 5))), {self.cup: 2})
        promotion = self._gift(self.spoon, group_size=2, max_times=1)
        order = self._order((self.tea, 5))
        self.assertNotIn(promotion, order.order_line.retail_gift_of_id)

    def test_a_substitute_when_it_is_out_of_stock(self):
        self._gift(self.cup, self.spoon, group_count=3)
        self._stock(self.cup, -3)
        order = self._order((self.tea, 1))
        self.assertEqual(self._gifts(order), {self.cup: 2, self.spoon: 1})
        self._stock(self.cup, -2)
        order.action_confirm()
        self.assertEqual(self._gifts(order), {self.spoon: 3})
        self.assertEqual(order.amount_total, 34.5)

    def test_none_in_stock_none_given(self):
        self._gift(self.cup)
        self._stock(self.cup, -5)
        order = self._order((self.tea, 1))
        self.assertFalse(self._gifts(order) or self._ours(order))

    def test_the_customer_s_own_line_is_left_alone(self):
        self._gift(self.cup)
        order = self._order((self.tea, 1), (self.cup, 2))
        own = order.order_line.filtered(
            lambda line: line.product_id == self.cup and not line.retail_gift_of_id
        )
        self.assertEqual((own.product_uom_qty, own.price_unit), (2, 8))
        self.assertEqual(self._gifts(order), {self.cup: 1})
        self.assertEqual(order.amount_total, 34.5 + 16.96)

    def test_a_gift_that_is_the_bought_product(self):
        self._stock(self.cup, -2)
        self._gift(self.cup, product_ids=[Command.set(self.cup.ids)], group_size=2)
        order = self._order((self.cup, 2))
        self.assertEqual(self._gifts(order), {self.cup: 1})
        self.assertEqual(order.amount_total, 16.96)
        # The gift earns no gift, and of three in stock two are sold.
        order.order_line.filtered(lambda line: not line.retail_gift_of_id)[:1].product_uom_qty = 4
        self.assertFalse(self._gifts(order))

    def test_a_choice_among_the_gifts_stays(self):
        self._gift(self.cup, self.spoon)
        order = self._order((self.tea, 1))
        order.order_line.filtered("retail_gift_of_id").product_id = self.spoon
        self.assertEqual(self._gifts(order), {self.spoon: 1})
        order.order_line.filtered("retail_gift_of_id").product_uom_qty = 5
        self.assertEqual(self._gifts(order), {self.spoon: 1})
        self.assertEqual(order.amount_total, 34.5)

    def test_what_is_no_gift_is_put_back(self):
        self._gift(self.cup)
        order = self._order((self.tea, 1))
        order.order_line.filtered("retail_gift_of_id").product_id = self.tea
        self.assertEqual(self._gifts(order), {self.cup: 1})
        order.order_line.filtered("retail_gift_of_id").unlink()
        self.assertEqual(self._gifts(order), {self.cup: 1})

    def test_a_copy_gets_its_gifts_anew(self):
        promotion = self._gift(self.cup)
        order = self._order((self.tea, 1))
        self.assertEqual(self._gifts(order.copy()), {self.cup: 1})
        promotion.action_pause()
        self.assertEqual(len(order.copy().order_line), 1)

    def test_saving_again_writes_nothing(self):
        self._gift(self.cup)
        order = self._order((self.tea, 1))
        self.env.flush_all()
        before = order.order_line.mapped("write_date")
        lines = order.order_line.ids
        order._retail_promo_apply()
        self.env.flush_all()
        self.assertEqual(
            (order.order_line.ids, order.order_line.mapped("write_date")), (lines, before)
        )

    def test_delivered_invoiced_and_recorded(self):
        self._gift(self.cup)
        order = self._order((self.tea, 1))
        order.action_confirm()
        self.assertIn(self.cup, order.picking_ids.move_ids.product_id)
        application = self.env["retail.promotion.application"].search(
            [("document", "=", f"sale.order,{order.id}")]
        )
        self.assertEqual((application.product_id, application.amount), (self.cup, 8.48))
        invoice = order._create_invoices()
        self.assertEqual(invoice.amount_total, 34.5)
        fact = self.env["retail.sale.fact"].search(
            [("document", "=", order.name), ("product_id", "=", self.cup.id)]
        )
        self.assertEqual((fact.qty, fact.price_total, fact.promotion_amount), (1, 0, 8.48))

    def test_two_promotions_each_their_gift(self):
        both = self.env["retail.promotion.group"].create(
            {"name": "Both", "mode": "compound", "company_id": self.company.id}
        )
        self._gift(self.cup, group_id=both.id, stackable=True)
        self._gift(self.cup, self.spoon, group_id=both.id, stackable=True)
        order = self._order((self.tea, 1))
        self.assertEqual(len(order.order_line.retail_gift_of_id), 2)
        self.assertEqual(order.amount_total, 34.5)

    def test_an_archived_gift(self):
        promotion = self._gift(self.cup, self.spoon)
        promotion.action_pause()
        self.cup.action_archive()
        with self.assertRaisesRegex(Exception, "archived"):
            promotion.action_resume()
