from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestProductHooks(PromoCommon):
    """What retail_crm's hooks tell recommendations and the demand forecast."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.drinks = cls.env["product.category"].create({"name": "Drinks"})
        cls.tea, cls.oolong = cls._goods(categ_id=cls.drinks.id), cls._goods(categ_id=cls.drinks.id)
        cls.bread = cls._goods()
        cls.store = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def _promote(self, **values):
        return self._promotion(
            **{
                "product_scope": "some",
                "category_ids": [Command.set(self.drinks.ids)],
                "exclude_product_ids": [Command.set(self.oolong.ids)],
                **values,
            }
        )

    def _promoted(self):
        ids = (self.tea | self.oolong | self.bread).ids
        return self.env["product.product"]._retail_promoted(self.company, self.store, ids)

    def _uplift(self, days=10):
        ids = (self.tea | self.oolong | self.bread).ids
        return self.env["product.product"]._demand_uplift(self.company, self.store, days, ids)

    def test_products_of_a_running_promotion_are_promoted(self):
        self.assertEqual(self._promoted(), set())
        promotion = self._promote()
        self.assertEqual(self._promoted(), set(self.tea.ids))
        promotion.action_pause()
        self.assertEqual(self._promoted(), set())

    def test_a_promotion_on_everything_promotes_nothing(self):
        self._promote(product_scope="all", category_ids=[], exclude_product_ids=[])
        self.assertEqual(self._promoted(), set())

    def test_a_promotion_of_another_store_does_not_count(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Other", "code": "OTH", "is_store": True, "company_id": self.company.id}
        )
        self._promote(store_ids=[Command.set(other.ids)])
        self.assertEqual(self._promoted(), set())

    def test_demand_rises_by_what_was_planned_for_the_days_it_runs(self):
        start = fields.Datetime.now() + timedelta(days=5)
        promotion = self._promote(date_from=start, demand_uplift=50)
        self.assertAlmostEqual(self._uplift()[self.tea.id], 1.25)
        self.assertNotIn(self.oolong.id, self._uplift())
        self.assertEqual(self._uplift(days=3), {})
        promotion.demand_uplift = 0
        self.assertEqual(self._uplift(), {})
