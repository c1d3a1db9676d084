from odoo.addons.pos_retail_crm.hooks import uninstall_hook
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestLoad(TillCommon):
    """What a till gets of members, as the cashier who opens it."""

    def _member_row(self):
        partners = self.env["res.partner"].with_user(self.cashier)
        (row,) = partners._load_pos_data_read(partners.browse(self.member.id), self.config)
        return row

    def test_member(self):
        row = self._member_row()
        self.assertTrue(row["is_member"])
        self.assertEqual(row["member_code"], "M-1815")
        self.assertEqual(row["retail_class_id"], self.member.retail_class_id.id)
        self.assertEqual(row["_retail_brief"]["store"], self.store.name)
        self.assertFalse(row["_retail_brief"]["last_day"])

    def test_last_purchase(self):
        self._sale((self.tea, 1), customer=self.member, date_order="2026-05-01 17:00:00")
        self._sale((self.tea, 1), customer=self.member, date_order="2026-04-01 17:00:00")
        self.assertEqual(self._member_row()["_retail_brief"]["last_day"], "2026-05-02")

    def test_classes_come_along(self):
        data = self.pos_session.with_user(self.cashier).load_data(["retail.customer.class"])
        names = [row["name"] for row in data["retail.customer.class"]]
        self.assertIn(self.member.retail_class_id.name, names)

    def test_roles(self):
        groups = {
            role: self.env.ref(f"retail_crm.{role}").group_id.all_implied_ids
            for role in ("role_cashier", "role_store_manager", "role_guide")
        }
        user = self.env.ref("point_of_sale.group_pos_user")
        manager = self.env.ref("point_of_sale.group_pos_manager")
        self.assertIn(user, groups["role_cashier"])
        self.assertNotIn(manager, groups["role_cashier"])
        self.assertIn(manager, groups["role_store_manager"])
        self.assertNotIn(user, groups["role_guide"])

    def test_roles_lose_the_till_with_the_addon(self):
        uninstall_hook(self.env)
        role = self.env.ref("retail_crm.role_cashier")
        self.assertNotIn(self.env.ref("point_of_sale.group_pos_user"), role.all_implied_ids)

    def test_new_till_sells_in_the_store_channel(self):
        self.assertEqual(self.config.sale_channel_id.code, "store")
        self.assertEqual(self.config.retail_store_id, self.store)
