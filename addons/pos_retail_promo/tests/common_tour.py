from datetime import timedelta

from odoo import fields
from odoo.addons.point_of_sale.tests.test_frontend import TestPointOfSaleHttpCommon
from odoo.fields import Command


class PromoTourCommon(TestPointOfSaleHttpCommon):
    """A till with two promotions, a VIP member and a cashier who has the role only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        env.user.group_ids += env.ref("retail_crm.group_retail_admin")
        env["loyalty.program"].search([]).write({"active": False})
        cls.company = cls._get_main_company()
        cls.company._retail_promo_default_group()
        cls.store = cls.main_pos_config.picking_type_id.warehouse_id
        cls.store.write({"is_store": True, "retail_tz": "Asia/Taipei"})
        cls.tax15 = env["account.tax"].create(
            {"name": "Tax 15 of the till", "amount": 15, "price_include_override": "tax_excluded"}
        )
        category = env["pos.category"].create({"name": "Groceries"})
        cls.tea = cls._goods("Tea", 60.0, category, cls.tax15)
        cls.cup = cls._goods("Cup", 20.0, category, env["account.tax"])
        cls.vip = env.ref("retail_crm.class_vip")
        cls.member = env["res.partner"].create(
            {
                "name": "Ada Member",
                "email": "ada.member@example.com",
                "is_member": True,
                "retail_class_id": cls.vip.id,
                "member_code": "M-1815",
            }
        )
        cls.discount_account = cls.company_data["default_account_revenue"].copy(
            {"name": "Promotions", "code": "400901"}
        )
        first = env["retail.promotion.group"].create(
            {"name": "First", "sequence": 1, "mode": "compound", "company_id": cls.company.id}
        )
        cls.percent = cls._promotion(
            name="VIP 10 percent on cups",
            percent=10,
            product_scope="some",
            product_ids=[Command.set(cls.cup.ids)],
            class_ids=[Command.set(cls.vip.ids)],
            group_id=first.id,
            stackable=True,
        )
        cls.tiers = cls._promotion(
            name="Spend 100 save 10",
            reward_kind="tiers",
            tier_ids=[
                Command.create({"at": 100, "amount": 10}),
                Command.create({"at": 200, "amount": 30}),
            ],
        )
        # pos_retail_crm gives the role its right at tills; alone, this addon has no role.
        cls.env.ref("retail_crm.role_cashier").implied_ids |= cls.env.ref(
            "point_of_sale.group_pos_user"
        )
        cls.cashier = cls._role_user("cashier", "role_cashier")

    @classmethod
    def _goods(cls, name, price, category, taxes):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "available_in_pos": True,
                "list_price": price,
                "standard_price": price / 2,
                "taxes_id": [Command.set(taxes.ids)],
                "pos_categ_ids": [Command.set(category.ids)],
            }
        )

    @classmethod
    def _promotion(cls, **values):
        now = fields.Datetime.now()
        promotion = cls.env["retail.promotion"].create(
            {
                "date_from": now - timedelta(days=1),
                "date_to": now + timedelta(days=30),
                "company_id": cls.company.id,
                "discount_account_id": cls.discount_account.id,
                **values,
            }
        )
        promotion.action_publish()
        return promotion

    @classmethod
    def _role_user(cls, login, role):
        return cls.env["res.users"].create(
            {
                "name": f"A {login}",
                "login": login,
                "password": login,
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "role_line_ids": [
                    Command.create({"role_id": cls.env.ref(f"retail_crm.{role}").id})
                ],
                "tz": "Asia/Taipei",
            }
        )

    def _open(self):
        self.main_pos_config.with_user(self.cashier).open_ui()
        return self.main_pos_config.current_session_id

    def _tour(self, name):
        self.start_pos_tour(name, login="cashier")

    def _differences(self, order):
        return self.env["retail.promotion.difference"].search(
            [("document", "=", f"pos.order,{order.id}")]
        )

    def _facts(self, order):
        return self.env["retail.sale.fact"].search([("basket", "=", f"pos.order,{order.id}")])
