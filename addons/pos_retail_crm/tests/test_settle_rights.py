from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestSettleRights(TillCommon):
    """What the role of a cashier may do with the sales orders of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_role = new_test_user(
            cls.env, "role-cashier", groups="base.group_user",
            company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)],
        )  # fmt: skip
        cls.by_role.role_line_ids = [
            Command.create({"role_id": cls.env.ref("retail_crm.role_cashier").id})
        ]

    def _order(self):
        return self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "user_id": self.guide.id,
                "company_id": self.company.id,
                "retail_store_id": self.store.id,
                "order_line": [Command.create({"product_id": self.tea.id, "product_uom_qty": 2})],
            }
        )

    def _settled(self, order):
        """Settle the order as the till does it: look it up, take it over, be paid."""
        seen = order.with_user(self.by_role)
        seen.search_read([("id", "=", order.id)], ["name", "partner_id", "state", "amount_unpaid"])
        data = seen.load_sale_order_from_pos(self.config.id)
        line = data["sale.order.line"][0]
        self.assertTrue(seen.order_line.read_converted())
        values = {
            "product": self.tea,
            "quantity": line["product_uom_qty"],
            "sale_order_origin_id": order.id,
            "sale_order_line_id": line["id"],
        }
        sent = self.create_ui_order_data(
            [values], customer=self.member, pos_order_ui_args={"state": "paid"}
        )
        self.env["pos.order"].with_user(self.by_role).sync_from_ui([sent])
        self.env.invalidate_all()
        return self.env["pos.order"].search([("uuid", "=", sent["uuid"])])

    def test_confirmed_order(self):
        order = self._order()
        order.action_confirm()
        self.assertEqual(self._settled(order).state, "paid")
        self.assertEqual(order.order_line.qty_delivered, 2.0)

    def test_quotation(self):
        order = self._order()
        self.assertEqual(self._settled(order).state, "paid")
        self.assertEqual(order.state, "sale")
