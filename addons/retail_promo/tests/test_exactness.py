import random

from odoo.tests import tagged

from .common import PromoCommon

ORDERS = 60


@tagged("post_install", "-at_install")
class TestExactness(PromoCommon):
    """The total falls by exactly the discount, whatever the taxes, rounding and currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.taxes = [cls.tax15, cls.tax6, cls.tax20_included, cls.tax15 | cls.tax6]
        cls.goods = [cls._goods(1, taxes) for taxes in cls.taxes] + [cls._goods(1)]

    def _random_order(self, rng, price_digits=2, **values):
        lines = [
            (
                rng.choice(self.goods),
                rng.choice([1, 2, 3, 7, 0.5, 1.37]),
                {
                    "price_unit": round(rng.uniform(0.5, 250), price_digits),
                    "discount": rng.choice([0, 0, 0, 10, 33.33]),
                },
            )
            for _line in range(rng.randint(1, 7))
        ]
        return self._order(*lines, **values)

    def _check(self, order, basis="price_total"):
        """The order costs what it would without promotions less exactly what was shared out."""
        ours = self._ours(order)
        unit = order.currency_id.rounding
        for line in ours:
            shared = sum(line.retail_shares.values())
            self.assertEqual(round(-line[basis] / unit), shared)
        fallen = round(self._total_without(order) / unit) - round(order.amount_total / unit)
        self.assertEqual(fallen, sum(round(-line.price_total / unit) for line in ours))
        return bool(ours)

    def _run(self, orders=ORDERS, seed=1, basis="price_total", **values):
        rng = random.Random(seed)
        checked = sum(
            self._check(self._random_order(rng, **values), basis) for _order in range(orders)
        )
        self.assertGreater(checked, orders * 0.9)

    def _programs(self):
        self._promotion(percent=12.5)
        self._steps((100, 9.99), (300, 33.33))

    def test_round_globally(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self._programs()
        self._run()

    def test_round_per_line(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self._programs()
        self._run(seed=2)

    def test_without_tax(self):
        self.company.retail_promo_tax_basis = "excluded"
        self.company.tax_calculation_rounding_method = "round_globally"
        self._programs()
        self._run(orders=20, seed=3, basis="price_subtotal")

    def _in_currency(self, code, rate):
        currency = self.setup_other_currency(code, rates=[("2020-01-01", rate)])
        return self.env["product.pricelist"].create({"name": code, "currency_id": currency.id})

    def test_no_decimals(self):
        pricelist = self._in_currency("JPY", 151.7)
        self.assertEqual(pricelist.currency_id.decimal_places, 0)
        self._promotion(percent=12.5)
        self._run(orders=20, seed=4, pricelist_id=pricelist.id, price_digits=0)

    def test_only_the_tax_of_a_discount_changes(self):
        """Life 20 of seed 900000: 468 and 469 with tax are both 442 without."""
        yen = self.setup_other_currency("JPY", rates=[("2020-01-01", 150)])
        pricelist = self.env["product.pricelist"].create({"name": "JPY", "currency_id": yen.id})
        self._promotion(percent=10)
        goods = self._goods(1, self.tax6)
        order = self._order((goods, 1, {"price_unit": 4415}), pricelist_id=pricelist.id)
        self.assertGives(order, 468)
        order.order_line[0].price_unit = 4424
        self.assertGives(order, 469)
        self.assertEqual((self._ours(order).price_subtotal, order.amount_total), (-442, 4220))

    def test_three_decimals(self):
        pricelist = self._in_currency("KWD", 0.307)
        self.assertEqual(pricelist.currency_id.decimal_places, 3)
        self._promotion(percent=12.5)
        self._run(orders=20, seed=5, pricelist_id=pricelist.id, price_digits=3)

    def test_rounding_to_five_cents(self):
        pricelist = self._in_currency("CHF", 0.9)
        pricelist.currency_id.rounding = 0.05
        self._promotion(percent=12.5)
        self._run(orders=10, seed=6, pricelist_id=pricelist.id)

    def test_fixed_taxes_are_never_discounted(self):
        deposit = self._tax(0.25, amount_type="fixed")
        bottle = self._goods(1, deposit | self.tax15)
        self._promotion(percent=100)
        order = self._order((bottle, 4, {"price_unit": 3.33}))
        self.assertEqual(order.amount_total, 1.0)
        self.assertEqual(self._ours(order).tax_ids, self.tax15)

    def test_tax_on_tax(self):
        base = self._tax(10, include_base_amount=True, sequence=1)
        over = self._tax(5, sequence=2)
        goods = self._goods(1, base | over)
        self._promotion(percent=33.33)
        order = self._order((goods, 3, {"price_unit": 7.77}))
        self.assertTrue(self._check(order))

    def test_a_price_of_a_million_pieces(self):
        self._promotion(percent=33.33)
        order = self._order((self.goods[0], 1000000, {"price_unit": 99.99}))
        self.assertTrue(self._check(order))

    def test_the_smallest_quantity(self):
        self.env.ref("uom.decimal_product_uom").digits = 3
        self._promotion(percent=50)
        order = self._order((self.goods[0], 0.001, {"price_unit": 99.99}))
        self.assertTrue(self._check(order))
