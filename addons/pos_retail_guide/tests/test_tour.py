from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon
from odoo.fields import Command
from odoo.tests import tagged

from .common import goods, sell


@tagged("post_install", "-at_install")
class TestStripTour(TestPointOfSaleHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.main_pos_config.picking_type_id.warehouse_id
        category = cls.env["pos.category"].create({"name": "Till"})
        values = {"pos_categ_ids": [Command.set(category.ids)]}
        brand = cls.env["product.brand"].create({"name": "Leaf House"})
        named = {"retail_mnemonic": "QZT", "retail_model": "LH-9", "product_brand_id": brand.id}
        cls.tea = goods(cls.env, cls.store, "Till Tea", **named, **values)
        cls.milk = goods(cls.env, cls.store, "Till Milk", **values)
        cls.jam = goods(cls.env, cls.store, "Till Jam", **values)
        cls.sold_out = goods(cls.env, cls.store, "Till Sold Out", quantity=0, **values)
        cls.member = cls.env["res.partner"].create(
            {"name": "Till Member", "email": "till.member@example.com", "is_member": True}
        )
        sell(cls.env, cls.store, [[cls.tea, cls.milk, cls.sold_out]] * 20 + [[cls.tea]] * 5)
        sell(cls.env, cls.store, [[cls.jam]] * 2, partner=cls.member)
        model = cls.env["retail.recommendation.model"].sudo()._of_company(cls.store.company_id)
        model.holdout_percent = 0
        model._learn(full=True)

    def test_strip_shows_adds_and_refuses(self):
        self.pos_user.group_ids += self.env.ref("retail_crm.group_cashier")
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("pos_retail_guide_strip")
        order = self.main_pos_config.current_session_id.order_ids
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.lines.product_id, self.tea | self.milk)
        log = self.env["retail.recommendation.log"].sudo()
        log = log.search([("basket_key", "=", order.uuid)])
        actions = {(row.product_id.name, row.action) for row in log}
        self.assertLessEqual(
            {
                ("Till Milk", "shown"),
                ("Till Milk", "added"),
                ("Till Milk", "sold"),
                ("Till Jam", "shown"),
                ("Till Jam", "refused"),
            },
            actions,
        )
        self.assertNotIn(("Till Sold Out", "shown"), actions)
        # It stood there before anybody came, and was taken from the shelf, not from the strip.
        self.assertNotIn(("Till Tea", "sold"), actions)
        self.assertEqual(log.partner_id, self.member)
        self.assertEqual(self.member.sudo().retail_refusal_ids.product_id, self.jam)

    def test_strip_works_without_a_right_on_recommendations(self):
        self.main_pos_config.with_user(self.pos_user).open_ui()
        self.start_pos_tour("pos_retail_guide_no_right")
