from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestLog(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.guide = cls._user(
            "test_log_guide", "retail_crm.group_guide,sales_team.group_sale_salesman"
        )
        cls.log = cls.env["retail.recommendation.log"]

    def _event(self, name="tea", action="shown", uuid=None, **values):
        product = self.products[name]
        return {
            "uuid": uuid or f"k/{product.id}/{action}",
            "action": action,
            "product_id": product.id,
            "reason": "basket",
            "rank": 1,
            **values,
        }

    def _record(self, *events, user=None, **values):
        values = {
            "basket_key": "k",
            "source": "order",
            "partner_id": self.member.id,
            "store_id": self.store.id,
            **values,
        }
        return self.log.with_user(user or self.guide).record_events(list(events), **values)

    def test_an_event_is_filed_once(self):
        self.assertEqual(self._record(self._event(), self._event("milk")), 2)
        self.assertEqual(self._record(self._event(), self._event("milk")), 0)
        tea = self.products["tea"]
        self.assertRecordValues(
            self.log.search([("basket_key", "=", "k"), ("product_id", "=", tea.id)]),
            [
                {
                    "action": "shown",
                    "product_id": tea.id,
                    "partner_id": self.member.id,
                    "user_id": self.guide.id,
                    "store_id": self.store.id,
                    "company_id": self.company.id,
                    "reason": "basket",
                    "rank": 1,
                    "source": "order",
                }
            ],
        )

    def test_what_a_client_may_not_say_is_dropped(self):
        bad = [
            "not an event",
            self._event(action="sold"),
            self._event(uuid="x" * 200),
            {"action": "shown", "product_id": self.products["tea"].id},
            {**self._event(), "product_id": 2**40},
            {**self._event(), "product_id": 999999999},
        ]
        self.assertEqual(self._record(*bad), 0)
        self._record(self._event(reason="because", rank=-3))
        row = self.log.search([("basket_key", "=", "k")])
        self.assertEqual((row.reason, row.rank), (False, 0))

    def test_refusing_without_a_member_is_only_filed(self):
        self._record(self._event(action="refused"), partner_id=False)
        self.assertEqual(self.log.search([("basket_key", "=", "k")]).action, "refused")
        self.assertFalse(self.env["retail.recommendation.refusal"].search([]))

    def test_refusing_twice_is_one_refusal(self):
        self._record(self._event(action="refused"))
        self._record(self._event(action="refused", uuid="again"))
        refusal = self.member.retail_refusal_ids
        self.assertEqual(refusal.product_id, self.products["tea"])
        self.assertEqual(refusal.user_id, self.guide)

    def _order(self, **quantities):
        return self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "company_id": self.company.id,
                "warehouse_id": self.store.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.products[name].id,
                            "product_uom_qty": quantity,
                            "price_unit": 3.0,
                            "tax_ids": False,
                        },
                    )
                    for name, quantity in quantities.items()
                ],
            }
        )

    def test_each_order_has_its_own_key(self):
        orders = self._order(tea=1) | self._order(tea=1)
        self.assertEqual(len(set(orders.mapped("retail_basket_key"))), 2)
        self.assertNotEqual(orders[0].copy().retail_basket_key, orders[0].retail_basket_key)

    def test_confirming_files_what_was_sold_of_what_was_shown(self):
        order = self._order(tea=2, bread=1)
        key = order.retail_basket_key
        self._record(
            self._event(),
            self._event(action="added"),
            self._event("milk"),
            self._event("bread", action="refused"),
            basket_key=key,
        )
        order.action_confirm()
        sold = self.log.search([("basket_key", "=", key), ("action", "=", "sold")])
        self.assertRecordValues(
            sold,
            [
                {
                    "product_id": self.products["tea"].id,
                    "quantity": 2.0,
                    "amount_company": 6.0,
                    "reason": "basket",
                    "partner_id": self.member.id,
                    "user_id": self.guide.id,
                    "document": f"sale.order,{order.id}",
                }
            ],
        )
        order._record_recommendations_sold()
        self.assertEqual(self.log.search_count([("action", "=", "sold")]), 1)

    def test_cancelling_takes_the_sale_back_and_confirming_files_it_again(self):
        order = self._order(tea=2)
        key = order.retail_basket_key
        self._record(self._event(), basket_key=key)
        order.action_confirm()
        order._action_cancel()
        self.assertFalse(self.log.search([("basket_key", "=", key), ("action", "=", "sold")]))
        order.action_draft()
        order.action_confirm()
        self.assertTrue(self.log.search([("basket_key", "=", key), ("action", "=", "sold")]))

    def test_take_up(self):
        order = self._order(tea=2)
        key = order.retail_basket_key
        self._record(
            self._event(),
            self._event("milk", reason="popular"),
            self._event("milk", action="refused", reason="popular"),
            self._event("jam", reason="popular"),
            basket_key=key,
        )
        order.action_confirm()
        report = self.env["retail.recommendation.report"].with_user(self.guide)
        self.assertEqual(
            report._read_group(
                [("basket_key", "=", key)],
                ["reason"],
                ["shown:sum", "refused:sum", "sold:sum", "take_up:avg", "amount_company:sum"],
                order="reason",
            ),
            [("basket", 1, 0, 1, 100.0, 6.0), ("popular", 2, 1, 0, 0.0, 0.0)],
        )

    def test_another_company_sees_nothing_of_it(self):
        self._record(self._event(), self._event(action="refused"))
        other = self.env["res.company"].create({"name": "Rival"})
        rival = new_test_user(
            self.env,
            login="test_rival",
            groups="retail_crm.group_retail_admin",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for name in ("log", "refusal", "report"):
            table = self.env[f"retail.recommendation.{name}"]
            self.assertTrue(table.with_user(self.guide).search([]))
            table = table.with_user(rival).with_context(allowed_company_ids=other.ids)
            self.assertFalse(table.search([]))
        with self.assertRaises(AccessError):
            self.log.with_user(rival).with_context(allowed_company_ids=other.ids).record_events(
                [self._event(uuid="rival")], "k", "order", store_id=self.store.id
            )

    def test_roles(self):
        self._record(self._event(), self._event(action="refused"))
        row = self.log.search([("basket_key", "=", "k")], limit=1)
        cashier = self._user("test_log_cashier", "retail_crm.group_cashier")
        self.assertEqual(self._record(self._event("jam"), user=cashier), 1)
        for user in (cashier, self.guide):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"action": "sold"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
        refusal = self.member.retail_refusal_ids
        with self.assertRaises(AccessError):
            refusal.with_user(cashier).unlink()
        refusal.with_user(self.guide).unlink()
        outsider = new_test_user(self.env, login="test_outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._record(self._event("jam"), user=outsider)

    def test_guides_see_what_was_recommended_to_their_members(self):
        other_store = self.env["stock.warehouse"].create(
            {"name": "Far Store", "code": "FAR", "company_id": self.company.id, "is_store": True}
        )
        self.guide.retail_store_ids = self.store
        self.member.retail_store_id = other_store
        manager = self._user("test_log_manager", "retail_crm.group_store_manager")
        refused = self._event(action="refused")
        self._record(refused, user=manager, partner_id=self.member.id, store_id=other_store.id)
        for name in ("log", "refusal", "report"):
            table = self.env[f"retail.recommendation.{name}"]
            with self.subTest(name):
                self.assertTrue(table.with_user(manager).search([]))
                self.assertFalse(table.with_user(self.guide).search([]))
        self.member.retail_guide_id = self.guide
        for name in ("log", "refusal", "report"):
            with self.subTest(name):
                table = self.env[f"retail.recommendation.{name}"]
                self.assertTrue(table.with_user(self.guide).search([]))

    def test_a_click_counts_once_and_is_no_sale(self):
        self._record(self._event(), self._event(action="clicked"))
        self._record(self._event(action="clicked"))
        report = self.env["retail.recommendation.report"].search([("basket_key", "=", "k")])
        self.assertRecordValues(report, [{"shown": 1, "clicked": 1, "added": 0, "sold": 0}])
