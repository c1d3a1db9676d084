from odoo.addons.point_of_sale.tests.common import CommonPosTest
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import goods


@tagged("post_install", "-at_install")
class TestTillOrder(CommonPosTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.pos_config_usd.picking_type_id.warehouse_id
        cls.tea = goods(cls.env, cls.store, "Tea")
        cls.milk = goods(cls.env, cls.store, "Milk")
        cls.member = cls.env["res.partner"].create(
            {"name": "Mei", "email": "mei@example.com", "is_member": True}
        )
        cls.events = [
            cls._event(cls.tea, "shown"),
            cls._event(cls.tea, "added"),
            cls._event(cls.milk, "shown"),
            cls._event(cls.milk, "refused"),
        ]

    @classmethod
    def _event(cls, product, action):
        return {
            "uuid": f"till-1/{product.id}/{action}",
            "action": action,
            "product_id": product.id,
            "reason": "basket",
            "rank": 2,
        }

    def _order(self, events, qty=2, pay=True, uuid="till-1"):
        order, _refund = self.create_backend_pos_order(
            {
                "line_data": [{"product_id": self.tea.id, "qty": qty}],
                "order_data": {
                    "partner_id": self.member.id,
                    "uuid": uuid,
                    "retail_recommendation_events": events,
                },
                "payment_data": [
                    {"payment_method_id": self.cash_payment_method.id, "amount": 5.0 * qty}
                ]
                if pay
                else [],
            }
        )
        return order

    def _log(self):
        log = self.env["retail.recommendation.log"].sudo()
        return log.search([("basket_key", "=", "till-1")])

    def test_a_paid_order_files_its_events_and_what_was_sold(self):
        order = self._order(self.events)
        self.assertEqual(order.state, "paid")
        log = self._log()
        self.assertEqual(
            sorted((row.product_id.name, row.action) for row in log),
            [
                ("Milk", "refused"),
                ("Milk", "shown"),
                ("Tea", "added"),
                ("Tea", "shown"),
                ("Tea", "sold"),
            ],
        )
        self.assertRecordValues(
            log.filtered(lambda row: row.action == "sold"),
            [
                {
                    "source": "till",
                    "store_id": self.store.id,
                    "partner_id": self.member.id,
                    "company_id": order.company_id.id,
                    "document": f"pos.order,{order.id}",
                    "quantity": 2.0,
                    "amount_company": 10.0,
                    "reason": "basket",
                    "rank": 2,
                }
            ],
        )
        self.assertEqual(self.member.sudo().retail_refusal_ids.product_id, self.milk)

    def test_a_draft_files_its_events_and_the_payment_only_the_sale(self):
        order = self._order(self.events, pay=False)
        order._record_recommendations(self.events, sold=False)
        self.assertEqual(len(self._log()), 4)
        order._record_recommendations(self.events, sold=True)
        order._record_recommendations(self.events, sold=True)
        self.assertEqual(len(self._log()), 5)

    def test_an_order_that_was_given_up_files_its_events_once(self):
        cashier = new_test_user(self.env, "till.cashier", groups="point_of_sale.group_pos_user")
        till = self.pos_config_usd.with_user(cashier)
        for _again in range(2):
            till.retail_record_recommendations("till-1", self.events, self.member.id)
        log = self._log()
        self.assertEqual(len(log), 4)
        self.assertEqual(log.partner_id, self.member)
        self.assertEqual(log.store_id, self.store)
        self.assertEqual(self.member.sudo().retail_refusal_ids.product_id, self.milk)

    def test_only_a_cashier_files_for_a_till(self):
        guide = new_test_user(self.env, "guide", groups="retail_crm.group_guide")
        with self.assertRaises(AccessError):
            self.pos_config_usd.with_user(guide).retail_record_recommendations("x", self.events)

    def test_a_cashier_is_told_what_a_member_refused(self):
        cashier = new_test_user(
            self.env,
            "till.cashier",
            groups="point_of_sale.group_pos_user,retail_crm.group_cashier",
        )
        self.store.retail_staff_ids += cashier
        self.member.retail_store_id = self.store
        self._order(self.events)
        told = self.pos_config_usd.with_user(cashier).retail_recommend_member(self.member.id)
        self.assertEqual(told["refused"], self.milk.ids)
        self.assertNotIn(self.milk.id, [item["product_id"] for item in told["items"]])

    def test_what_goes_back_is_not_sold(self):
        self._order([self._event(self.tea, "shown")], qty=-1)
        self.assertEqual(self._log().mapped("action"), ["shown"])

    def test_nonsense_from_a_till_never_stops_a_sale(self):
        log = self.env["retail.recommendation.log"].sudo()
        for events in ("text", {"uuid": 1}, [None, 5, {"action": "shown"}], [[]]):
            order = self._order(events, uuid=f"till-{events}")
            self.assertEqual(order.state, "paid")
            self.assertFalse(log.search([("basket_key", "=", order.uuid)]))

    def test_an_error_in_filing_never_stops_a_sale(self):
        # PostgreSQL refuses this character in a text.
        events = [{**self._event(self.tea, "shown"), "uuid": "\x00"}]
        order = self._order([], pay=False)
        with (
            self.assertLogs("odoo.addons.pos_retail_guide", "ERROR"),
            mute_logger("odoo.sql_db"),
        ):
            order._record_recommendations(events, sold=True)
        self.assertTrue(order.exists())
        self.assertFalse(self._log())
