from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestGuideLog(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "retail_crm.group_guide,sales_team.group_sale_salesman"
        cls.guide = cls._user("test_guidelog_guide", groups)
        cls.guide.retail_store_ids = cls.store
        cls.member.write({"retail_store_id": cls.store.id, "retail_guide_id": cls.guide.id})

    def _rows(self, user=None):
        rows = self.env["retail.guide.log"].with_user(user or self.guide).search([])
        return sorted(
            (row.action, row.user_id.login, row.partner_id.name, row.product_id.name or "")
            for row in rows
        )

    def _order(self):
        order = (
            self.env["sale.order"]
            .with_user(self.guide)
            .create(
                {
                    "partner_id": self.member.id,
                    "retail_store_id": self.store.id,
                    "order_line": [Command.create({"product_id": self.products["tea"].id})],
                }
            )
        )
        order.action_confirm()
        return order

    def test_an_order_recommendations_and_care_write_themselves_down(self):
        self.env["retail.recommendation.log"].with_user(self.guide).record_events(
            [
                {"uuid": f"g{action}", "action": action, "product_id": self.products["tea"].id}
                for action in ("shown", "added")
            ],
            basket_key="g",
            source="order",
            partner_id=self.member.id,
            store_id=self.store.id,
        )
        self._order()
        task = self.env["retail.care.task"].create(
            {
                "partner_id": self.member.id,
                "user_id": self.guide.id,
                "store_id": self.store.id,
                "company_id": self.company.id,
            }
        )
        task.write({"state": "assigned"})
        task.write({"state": "done", "result": "pleased", "done_at": "2026-03-31 08:00:00"})
        login = self.guide.login
        self.assertEqual(
            self._rows(),
            [
                ("added", login, "Mei", "tea"),
                ("cared", login, "Mei", ""),
                ("order", login, "Mei", ""),
                ("recommended", login, "Mei", "tea"),
                ("sold", login, "Mei", "tea"),
            ],
        )

    def test_a_cancelled_order_leaves_the_log(self):
        order = self._order()
        self.assertEqual([row[0] for row in self._rows()], ["order", "sold"])
        order._action_cancel()
        self.assertEqual(self._rows(), [])

    def test_rows_have_ids_of_their_own_and_can_be_opened_and_grouped(self):
        self._order()
        log = self.env["retail.guide.log"].with_user(self.guide)
        rows = log.search([])
        self.assertEqual(len(set(rows.ids)), 2)
        self.assertEqual(log.browse(rows.ids[0]).read(["action"])[0]["id"], rows.ids[0])
        self.assertEqual(log._read_group([], ["user_id"], ["__count"]), [(self.guide, 2)])

    def test_others_see_only_what_they_may(self):
        self._order()
        colleague = self._user("test_guidelog_colleague", "retail_crm.group_guide")
        self.assertEqual(self._rows(colleague), [])
        manager = self._user("test_guidelog_manager", "retail_crm.group_store_manager")
        manager.retail_store_ids = self.store
        self.assertEqual(len(self._rows(manager)), 2)
        outsider = self._user("test_guidelog_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            self._rows(outsider)
        other = self.env["res.company"].create({"name": "Rival"})
        rival = self._user("test_guidelog_rival", "retail_crm.group_retail_admin")
        rival.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        log = self.env["retail.guide.log"].with_user(rival)
        self.assertFalse(log.with_context(allowed_company_ids=other.ids).search([]))
