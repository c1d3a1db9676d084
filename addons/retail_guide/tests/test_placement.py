from odoo.tests import tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestPlacement(GuideCase):
    """Bread sells most and is bought with butter; tea hardly sells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sold(["bread", "butter"], times=30)
        cls._sold(["bread"], times=10)
        cls._sold(["jam"], times=12)
        cls._sold(["tea"])
        cls._learn()
        cls.forecasts = cls.env["retail.demand.forecast"]
        cls.forecasts._forecast(cls.company)
        cls.zone_a, cls.zone_c = (
            cls.env["stock.location"].create(
                {"name": name, "location_id": cls.store.lot_stock_id.id, "retail_zone": name}
            )
            for name in "AC"
        )
        cls.guide = cls._user("placement_guide", "retail_crm.group_guide")
        cls.guide.retail_store_ids = cls.store

    def _row(self, name):
        rows = self.forecasts.with_user(self.guide)
        return rows.search([("product_id", "=", self.products[name].id)])

    def test_fast_goods_are_suggested_for_zone_a(self):
        bread, tea = self._row("bread"), self._row("tea")
        self.assertEqual((bread.abc, tea.abc), ("A", "C"))
        self.assertEqual(bread.place_id, self.store.lot_stock_id)
        self.assertEqual(bread.zone_place_id, self.zone_a)
        self.assertEqual(tea.zone_place_id, self.zone_c)
        self.assertTrue(bread.is_misplaced and tea.is_misplaced)

    def test_what_stands_in_its_zone_stays(self):
        self.env["stock.quant"]._update_available_quantity(self.products["bread"], self.zone_a, 50)
        bread, tea = self._row("bread"), self._row("tea")
        self.assertEqual((bread.place_id, bread.zone_place_id), (self.zone_a, self.zone_a))
        self.assertFalse(bread.is_misplaced)
        to_move = self.forecasts.search([("is_misplaced", "=", True)])
        self.assertIn(tea, to_move)
        self.assertNotIn(bread, to_move)
        self.assertIn(bread, self.forecasts.search([("is_misplaced", "=", False)]))

    def test_without_zones_nothing_is_suggested(self):
        (self.zone_a | self.zone_c).active = False
        bread = self._row("bread")
        self.assertFalse(bread.zone_place_id)
        self.assertFalse(bread.is_misplaced)
        self.assertFalse(self.forecasts.search([("is_misplaced", "=", True)]))

    def test_a_new_place_is_in_the_zone_around_it(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.zone_a.id})
        self.assertEqual(shelf.retail_zone, "A")

    def test_beside_what_it_is_bought_with(self):
        self.assertEqual(self._row("bread").beside_ids, self.products["butter"])
        self.assertFalse(self._row("tea").beside_ids)
        self._stock(self.products["butter"], -10)
        self.forecasts._forecast(self.company)
        self.assertFalse(self._row("bread").beside_ids, "the store has none of it")

    def test_the_list_is_printed(self):
        rows = self._row("bread") | self._row("tea")
        report = self.env["ir.actions.report"].with_user(self.guide)
        html, _kind = report._render_qweb_html("retail_guide.report_placement", rows.ids)
        text = html.decode()
        for word in (self.store.name, "bread", "butter", "tea"):
            self.assertIn(word, text)
