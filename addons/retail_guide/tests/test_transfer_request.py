from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_stock_answer import StockCase


@tagged("post_install", "-at_install")
class TestTransferRequest(StockCase):
    def _ask(self, quantity=2.0, user=None, source=None, store=None, product=None):
        product = (product or self.tea).with_user(user or self.guide)
        asked = product.retail_request_transfer(
            (source or self.near).id, (store or self.store).id, quantity
        )
        return self.env["retail.transfer.request"].browse(asked["id"]), asked["new"]

    def test_the_goods_are_reserved_and_the_staff_is_told(self):
        colleague = self._user("near_staff", "retail_crm.group_guide")
        self.near.retail_staff_ids = colleague
        request, new = self._ask()
        self.assertTrue(new)
        self.assertEqual((request.state, request.user_id), ("open", self.guide))
        picking = request.picking_id
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.picking_type_id, self.near.int_type_id)
        self.assertEqual(picking.location_dest_id, self.store.lot_stock_id)
        self.assertEqual(self._answer()["stores"][0]["free"], 1)
        self.assertEqual(request.message_ids.notified_partner_ids, colleague.partner_id)
        answer = self._answer()
        self.assertEqual(answer["stores"][0]["request"]["id"], request.id)
        self.assertEqual(answer["here"]["expected_qty"], 2)

    def test_asking_twice_makes_one_transfer(self):
        first, _new = self._ask()
        second, new = self._ask()
        self.assertEqual(first, second)
        self.assertFalse(new)
        self.assertEqual(self.env["stock.move"].search_count([("product_id", "=", self.tea.id)]), 1)

    def test_two_of_the_same_moment_are_refused_by_the_database(self):
        request, _new = self._ask()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            request.copy()

    def test_after_the_goods_came_one_may_ask_again(self):
        request, _new = self._ask(quantity=1)
        request.picking_id.move_ids.picked = True
        request.picking_id.button_validate()
        self.assertEqual(request.state, "done")
        self.assertEqual(self._answer()["here"]["on_hand"], 11)
        self.assertTrue(self._ask(quantity=1)[1])

    def test_more_than_is_free_is_refused_and_leaves_nothing(self):
        before = self.env["stock.picking"].search_count([])
        with self.assertRaisesRegex(UserError, "Near has no 4 of"):
            self._ask(quantity=4)
        self.assertEqual(self.env["stock.picking"].search_count([]), before)

    def test_bad_requests_are_refused(self):
        alteration = self._product("Alteration", type="service", is_storable=False)
        warehouse = self._store("Depot", "D")
        warehouse.is_store = False
        for values in (
            {"quantity": 0},
            {"quantity": -1},
            {"source": self.store},
            {"source": warehouse},
            {"product": alteration},
        ):
            with self.assertRaises(UserError, msg=str(values)):
                self._ask(**values)

    def test_only_the_staff_of_a_store_asks_for_it(self):
        with self.assertRaises(AccessError):
            self._ask(source=self.near, store=self.far)
        accountant = self._user("stock_accountant", "retail_crm.group_accountant")
        accountant.retail_store_ids = self.store
        with self.assertRaises(AccessError):
            self._ask(user=accountant)
        clerk = self._user("stock_clerk", "retail_crm.group_order_clerk")
        self.assertTrue(self._ask(user=clerk, source=self.near, store=self.far)[1])

    def test_nobody_writes_a_request_by_hand(self):
        request, _new = self._ask()
        admin = self._user("stock_admin", "retail_crm.group_retail_admin")
        for user in (self.guide, admin):
            with self.assertRaises(AccessError):
                request.with_user(user).quantity = 9
            with self.assertRaises(AccessError):
                request.with_user(user).unlink()

    def test_cancelling_frees_the_goods(self):
        request, _new = self._ask()
        stranger = self._user("far_staff", "retail_crm.group_guide")
        self.far.retail_staff_ids = stranger
        with self.assertRaises(UserError):
            request.with_user(stranger).action_cancel()
        request.with_user(self.guide).action_cancel()
        self.assertEqual(request.state, "cancelled")
        self.assertEqual(self._answer()["stores"][0]["free"], 3)
        with self.assertRaises(UserError):
            request.with_user(self.guide).action_cancel()
        self.assertTrue(self._ask()[1])
