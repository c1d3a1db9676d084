from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestLoad(TillCommon):
    """What a till gets, as the cashier who opens it."""

    def setUp(self):
        super().setUp()
        self.cashier = new_test_user(
            self.env,
            "till-cashier",
            groups="retail_crm.group_cashier,point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.open_new_session()

    def _load(self):
        return self.pos_session.with_user(self.cashier).load_data([])

    def _programs(self):
        return {row["id"]: row["_program"] for row in self._load()["retail.promotion"]}

    def test_rules_are_those_of_the_server(self):
        self.assertEqual(self._programs(), {self.tiers.id: self.tiers._engine_program()})

    def test_more_promotions_take_no_more_queries(self):
        promotions = self.env["retail.promotion"].with_user(self.cashier)

        def queries():
            for _number in range(2):  # The first fills what is kept for the whole server.
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                loaded = promotions._load_pos_data_search_read({}, self.config)
            return self.env.cr.sql_log_count - before, len(loaded)

        few, count = queries()
        for number in range(5):
            self._promotion(name=f"More {number}", percent=5)
        self.assertEqual(queries(), (few, count + 5))

    def test_tips_are_no_example_for_the_promotion_manager(self):
        manager = new_test_user(self.env, "till-manager", groups="retail_crm.group_promotion")
        tip = self.env.ref("point_of_sale.product_product_tip")
        promotions = self.env["retail.promotion"].with_user(manager)
        self.assertIn(tip.id, promotions._no_sample_product_ids())

    def test_only_what_holds_here(self):
        other = self.env["stock.warehouse"].create(
            {"name": "Elsewhere", "code": "ELSE", "company_id": self.company.id, "is_store": True}
        )
        elsewhere = self._promotion(name="Elsewhere", percent=5, store_ids=[Command.set(other.ids)])
        paused = self._promotion(name="Paused", percent=5)
        paused.action_pause()
        self.assertEqual(list(self._programs()), [self.tiers.id])
        irrelevant = (self.tiers | paused)._unrelevant_records(self.config)
        self.assertEqual(irrelevant, paused.ids)
        self.assertNotIn(elsewhere.id, self._programs())

    def test_discount_products_come_along(self):
        product = self.tiers.discount_product_id
        data = self._load()
        self.assertIn(product.id, [row["id"] for row in data["product.product"]])
        self.assertIn(product.id, data["pos.config"][0]["_pos_special_products_ids"])

    def test_place_and_member(self):
        member = self.env["res.partner"].create(
            {
                "name": "Member",
                "email": "member@example.com",
                "is_member": True,
                "retail_class_id": self.env.ref("retail_crm.class_vip").id,
            }
        )
        config = self._load()["pos.config"][0]
        warehouse = self.config.picking_type_id.warehouse_id
        self.assertEqual(config["_retail_store_id"], warehouse.id)
        self.assertEqual(config["_retail_channel"], "store")
        partners = self.env["res.partner"].with_user(self.cashier)
        (row,) = partners._load_pos_data_read(partners.browse(member.id), self.config)
        self.assertEqual(row["_retail_member"]["class"], member.retail_class_id.id)

    def test_cashier_can_sell(self):
        order = self._tea_sale_as(self.cashier)
        self.assertEqual(order.state, "paid")
        self.assertFalse(self._differences(order))
        self.assertTrue(self._applications(order))

    def _tea_sale_as(self, user):
        env = self.env
        self.env = self.env(user=user)
        try:
            return self._tea_sale().with_env(env)
        finally:
            self.env = env

    def test_discount_products_are_read_as_stock_reads_them(self):
        """Of many one is read whole; the rows are the same."""
        others = [self._promotion(name=f"Promotion {number}", percent=5) for number in range(2)]
        products = self.tiers.discount_product_id
        for promotion in others:
            products |= promotion.discount_product_id
        # What an accountant may change on one of them stays its own.
        products[0].write({"barcode": "9900000000017", "default_code": "FIRST"})
        products[1].write({"default_code": "PROMO", "taxes_id": self.env["account.tax"].create(
            {"name": "Another", "amount": 3})})  # fmt: skip
        goods = self.tea
        for records in ((products | goods).product_tmpl_id, products | goods):
            model = records.browse().with_user(self.cashier)
            whole = [model._load_pos_data_read(record, self.config)[0] for record in records]
            rows = model._load_pos_data_read(records, self.config)
            for row, one in zip(
                sorted(rows, key=lambda row: row["id"]),
                sorted(whole, key=lambda row: row["id"]),
                strict=True,
            ):
                self.assertEqual(row, one)
