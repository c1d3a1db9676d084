from odoo.addons.point_of_sale.tests.common import CommonPosTest
from odoo.tests import new_test_user, tagged

from .common import goods


@tagged("post_install", "-at_install")
class TestProductSearch(CommonPosTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config = cls.pos_config_usd
        cls.store = cls.config.picking_type_id.warehouse_id
        cls.brand = cls.env["product.brand"].create({"name": "Long Silk"})
        cls.dress = goods(
            cls.env,
            cls.store,
            "长裙",
            quantity=0,
            retail_model="Voyager-3",
            product_brand_id=cls.brand.id,
        ).product_tmpl_id
        cls.cashier = new_test_user(
            cls.env,
            "till.cashier",
            groups="point_of_sale.group_pos_user,retail_crm.group_cashier",
        )
        cls.config.open_ui()

    def _loaded(self, models):
        session = self.config.current_session_id.with_user(self.cashier)
        return session.load_data(models)

    def test_the_till_gets_what_products_are_found_by(self):
        loaded = self._loaded(["pos.config", "product.template"])
        (dress,) = (row for row in loaded["product.template"] if row["id"] == self.dress.id)
        words = dress["retail_name_index"].split()
        self.assertIn("cq", words)
        self.assertIn("zq", words)
        self.assertEqual(dress["retail_model"], "Voyager-3")
        brands = loaded["pos.config"][0]["_retail_brands"]
        self.assertEqual(brands[dress["product_brand_id"]], "Long Silk")

    def test_a_cashier_finds_what_the_till_has_not_loaded(self):
        templates = self.env["product.template"].with_user(self.cashier)
        for domain in (
            [("retail_name_index", "like", " zq")],
            [("retail_model", "ilike", "voyager")],
            [("product_brand_id.name", "ilike", "silk")],
        ):
            with self.subTest(domain):
                found = templates.load_product_from_pos(self.config.id, domain)
                self.assertIn(self.dress.id, [row["id"] for row in found["product.template"]])
