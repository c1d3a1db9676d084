from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestMargin(PromoCommon):
    """Promotions stop at the company's minimum margin, which returns of a sale keep as it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"retail_promo_keep_margin": True, "retail_promo_min_margin": 10})
        cls.goods = cls._goods(100, cls.tax15, standard_price=80)

    def test_only_where_the_company_wants_it(self):
        self._promotion(percent=30)
        self.company.retail_promo_keep_margin = False
        self.assertGives(self._order((self.goods, 1)), 34.5)

    def test_prices_without_tax(self):
        """80.00 / 0.9 is 88.89 without tax, 102.23 with it: 12.77 of 115.00 may go."""
        self._promotion(percent=30)
        order = self._order((self.goods, 1))
        self.assertGives(order, 12.77)
        self.assertGreaterEqual(order.amount_untaxed, 88.88)

    def test_prices_with_tax(self):
        goods = self._goods(120, self.tax20_included, standard_price=80)
        self._promotion(percent=30)
        self.assertGives(self._order((goods, 1)), 120 - 106.67)

    def test_promotions_that_count_without_tax(self):
        self.company.retail_promo_tax_basis = "excluded"
        self._promotion(percent=30)
        order = self._order((self.goods, 3))
        self.assertAlmostEqual(-self._ours(order).price_subtotal, 300 - 266.67, places=2)

    def test_several_promotions_share_the_room(self):
        together = self.env["retail.promotion.group"].create(
            {"name": "Together", "mode": "compound", "company_id": self.company.id}
        )
        for percent in (8, 20):
            self._promotion(percent=percent, stackable=True, group_id=together.id)
        self.assertGives(self._order((self.goods, 1)), 12.77)

    def test_nothing_moves_to_other_lines(self):
        other = self._goods(100, self.tax15)
        self._promotion(percent=30)
        self.assertGives(self._order((self.goods, 1), (other, 1)), 12.77 + 34.5)

    def test_sold_below_its_cost_by_hand(self):
        promotion = self._promotion(percent=30)
        order = self._order((self.goods, 1, {"price_unit": 85}))
        self.assertGives(order, 0)
        rejected = order._retail_promo_outcome(explain=True)["rejected"]
        self.assertEqual(rejected, [{"program": promotion.id, "reason": "zero_discount"}])

    def test_units_of_measure(self):
        goods = self._goods(10, standard_price=8)
        self._promotion(percent=30)
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._order((goods, 1, {"product_uom_id": dozen.id, "price_unit": 120}))
        self.assertGives(order, 120 - 106.67)

    def test_another_currency(self):
        yen = self.setup_other_currency("JPY", rates=[("2020-01-01", 150)])
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": yen.id})
        goods = self._goods(100, standard_price=80)
        self._promotion(percent=30)
        order = self._order((goods, 1), pricelist_id=pricelist.id)
        self.assertEqual(order.amount_total, 13334)

    def test_gifts_are_free_of_it(self):
        cup = self._goods(20, standard_price=15)
        self._promotion(
            reward_kind="gift",
            group_size=0,
            product_scope="some",
            product_ids=[Command.set(self.goods.ids)],
            gift_ids=[Command.create({"product_id": cup.id})],
        )
        self.assertGives(self._order((self.goods, 1)), 20)

    def test_a_return_keeps_the_margin_of_its_sale(self):
        """The cost has risen since: what is kept still has what it was sold with."""
        self._promotion(percent=30)
        order = self._order((self.goods, 3))
        self.assertGives(order, 345 - 306.67)
        order.action_confirm()
        self.goods.standard_price = 99
        order.order_line[0].product_uom_qty = 1
        self.assertGives(order, 115 - 102.23)

    def test_margins_that_no_price_has(self):
        for margin in (-1, 100, 120):
            with (
                self.subTest(margin=margin),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.company.retail_promo_min_margin = margin
                self.company.flush_recordset()
