from odoo.addons.point_of_sale.tests.common import TestPoSCommon
from odoo.fields import Command
from odoo.tests import new_test_user


class TillCommon(TestPoSCommon):
    """A till in a store of its own clock, a member with a guide, and a cashier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("retail_crm.group_retail_admin")
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env["loyalty.program"].search([]).write({"active": False})
        cls.config = cls.basic_config
        cls.store = cls.config.picking_type_id.warehouse_id
        cls.store.write({"is_store": True, "retail_tz": "Asia/Taipei"})
        cls.tea = cls.create_product("Tea", cls.categ_basic, 60.0, 30.0)
        cls.cup = cls.create_product("Cup", cls.categ_basic, 20.0, 10.0)
        for product in (cls.tea, cls.cup):
            cls.env["stock.quant"]._update_available_quantity(product, cls.store.lot_stock_id, 100)
        cls.guide = cls._user("till-guide", "retail_crm.group_guide")
        cls.member = cls.env["res.partner"].create(
            {
                "name": "Ada Member",
                "email": "ada.member@example.com",
                "is_member": True,
                "member_code": "M-1815",
                "retail_class_id": cls.env.ref("retail_crm.class_vip").id,
                "retail_store_id": cls.store.id,
                "retail_guide_id": cls.guide.id,
            }
        )
        cls.cashier = cls._user(
            "till-cashier", "retail_crm.group_cashier,point_of_sale.group_pos_user"
        )

    @classmethod
    def _user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _sale(self, *lines, customer=None, **values):
        """Send an order of (product, quantity[, discount]) or of line values; return it."""
        data = self.create_ui_order_data(
            lines,
            customer=customer or self.env["res.partner"],
            pos_order_ui_args={"state": "paid", **values},
        )
        self.env["pos.order"].sync_from_ui([data])
        return self.env["pos.order"].search([("uuid", "=", data["uuid"])])

    def _refund(self, order, product, qty, **values):
        """Take goods of an order back; values: of the line, where it isn't the product's price."""
        origin = order.lines.filtered(lambda line: line.product_id == product)
        line = {"product": product, "quantity": -qty, "refunded_orderline_id": origin.id, **values}
        return self._sale(line, is_refund=True)

    def _facts(self, order):
        facts = self.env["retail.sale.fact"].search([("basket", "=", f"pos.order,{order.id}")])
        return facts.sorted(
            lambda fact: (fact.event == "returned", *map(int, fact.source_line.split("/")))
        )
