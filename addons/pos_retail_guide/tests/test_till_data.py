import json

from odoo.addons.point_of_sale.tests.common import CommonPosTest
from odoo.tests import tagged

from .common import goods, sell


@tagged("post_install", "-at_install")
class TestTillData(CommonPosTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.pos_config_usd
        cls.store = cls.config.picking_type_id.warehouse_id
        cls.tea = goods(cls.env, cls.store, "Tea")
        cls.milk = goods(cls.env, cls.store, "Milk")
        cls.gone = goods(cls.env, cls.store, "Gone", quantity=0)
        cls.hidden = goods(cls.env, cls.store, "Hidden", available_in_pos=False)
        sell(cls.env, cls.store, [[cls.tea, cls.milk, cls.gone, cls.hidden]] * 8 + [[cls.tea]] * 4)
        cls.env["retail.recommendation.model"]._of_company(cls.store.company_id)._learn(full=True)

    def _data(self):
        return json.loads(self.config._retail_recommendations())

    def test_only_what_the_till_sells_and_the_store_has(self):
        data = self._data()
        self.assertEqual(data["store"], self.store.id)
        self.assertFalse(data["ask"])
        self.assertEqual(data["popular"], [self.tea.id, 10000, self.milk.id, 6667])
        neighbours = data["neighbours"]
        self.assertEqual(neighbours[str(self.tea.id)][::2], [self.milk.id])
        self.assertEqual(neighbours[str(self.gone.id)][::2], [self.milk.id, self.tea.id])

    def test_strength_is_the_engines(self):
        pair = (
            self.env["retail.recommendation.neighbour"]
            .sudo()
            .search([("product_id", "=", self.tea.id), ("neighbour_id", "=", self.milk.id)])
        )
        strength = pair.cosine * 8 / (8 + 5)
        self.assertEqual(self._data()["neighbours"][str(self.tea.id)][1], round(10000 * strength))

    def test_nothing_learned_is_an_empty_list(self):
        self.env["retail.recommendation.model"].sudo().search([]).unlink()
        data = self._data()
        self.assertEqual((data["popular"], data["neighbours"]), ([], {}))

    def test_another_company_teaches_this_till_nothing(self):
        other = self.env["res.company"].create({"name": "Rival"})
        rival = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        before = self._data()
        sell(self.env, rival, [[self.milk, self.tea]] * 50)
        self.env["retail.recommendation.model"]._of_company(other)._learn(full=True)
        self.assertEqual(self._data(), before)

    def test_the_till_loads_it_at_the_cost_of_one_query(self):
        self._data()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.config._retail_recommendations()
        self.config.open_ui()
        loaded = self.config.current_session_id.load_data(["pos.config"])
        text = loaded["pos.config"][0]["_retail_recommendations"]
        self.assertEqual(json.loads(text), self._data())
