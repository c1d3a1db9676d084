from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestStockAdjustment(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("adjust_manager", "retail_crm.group_store_manager")
        cls.manager.retail_store_ids = cls.store
        cls.tea, cls.jam = cls.products["tea"], cls.products["jam"]

    def _adjust(self, direction, quantities, user=None, **values):
        return (
            self.env["retail.stock.adjustment"]
            .with_user(user or self.manager)
            .create(
                {
                    "direction": direction,
                    "reason": "damaged" if direction == "out" else "found",
                    "store_id": self.store.id,
                    "company_id": self.company.id,
                    "line_ids": [
                        (0, 0, {"product_id": product.id, "quantity": quantity})
                        for product, quantity in quantities
                    ],
                    **values,
                }
            )
        )

    def _held(self, product):
        return product.with_context(location=self.store.lot_stock_id.id).qty_available

    def _log(self, product):
        return self.env["retail.stock.adjustment.log"].search(
            [("product_id", "=", product.id)], order="id"
        )

    def test_in_and_out(self):
        document = self._adjust("in", [(self.tea, 5), (self.jam, 1)])
        self.assertEqual((document.state, document.name), ("draft", "/"))
        document.action_apply()
        self.assertEqual((self._held(self.tea), self._held(self.jam)), (15, 11))
        self.assertRegex(document.name, r"ADJ\d{6}")
        self.assertRecordValues(document, [{"state": "done", "done_by_id": self.manager.id}])
        self._adjust("out", [(self.tea, 15)]).action_apply()
        self.assertEqual(self._held(self.tea), 0)
        self.assertEqual(self._log(self.tea).mapped("signed_qty"), [5, -15])
        self.assertEqual(self._log(self.tea).mapped("direction"), ["in", "out"])
        self.assertEqual(self._log(self.tea).mapped("reason"), ["found", "damaged"])
        self.assertEqual(self._log(self.tea).user_id, self.manager)

    def test_more_out_than_there_is_is_refused(self):
        for lines in ([(self.tea, 99)], [(self.tea, 6), (self.tea, 6)]):
            document = self._adjust("out", lines)
            with self.assertRaisesRegex(UserError, "holds 10 of tea"):
                document.action_apply()
        self.assertEqual(self._held(self.tea), 10)
        self.assertFalse(self._log(self.tea))

    def test_goods_at_another_place_do_not_count(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.store.lot_stock_id.id}
        )
        document = self._adjust("out", [(self.tea, 1)], location_id=shelf.id)
        with self.assertRaisesRegex(UserError, "holds 0 of tea"):
            document.action_apply()

    def test_what_is_applied_is_final(self):
        document = self._adjust("in", [(self.tea, 5)])
        document.action_apply()
        line = document.line_ids
        for user in (self.manager, self.env.user):
            final = document.with_user(user)
            for change in (
                lambda final=final: final.write({"reason": "lost"}),
                lambda final=final: final.write({"line_ids": [(5, 0, 0)]}),
                lambda final=final: final.unlink(),
                lambda final=final: final.action_apply(),
                lambda final=final: final.action_cancel(),
                lambda user=user: line.with_user(user).write({"quantity": 1}),
                lambda user=user: line.with_user(user).unlink(),
                lambda user=user: line.with_user(user).copy({"adjustment_id": document.id}),
            ):
                with self.assertRaises(UserError):
                    change()
        draft = self._adjust("in", [(self.jam, 1)])
        with self.assertRaises(UserError):
            draft.line_ids.adjustment_id = document
        with self.assertRaises(UserError):
            line.move_ids.unlink()

    def test_the_state_is_not_written_by_hand(self):
        document = self._adjust("in", [(self.tea, 5)], state="done", done_by_id=self.env.uid)
        self.assertEqual(document.state, "draft")
        self.assertFalse(document.done_by_id)
        with self.assertRaises(UserError):
            document.state = "done"

    def test_a_cancelled_one_moves_nothing(self):
        document = self._adjust("in", [(self.tea, 5)])
        document.action_cancel()
        self.assertEqual(self._held(self.tea), 10)
        with self.assertRaises(UserError):
            document.action_apply()

    def test_bad_input(self):
        with self.assertRaises(UserError):
            self._adjust("in", []).action_apply()
        for lines, values in (([(self.tea, 0)], {}), ([(self.tea, 1)], {"reason": "other"})):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self._adjust("in", lines, **values)
        tracked = self._product("Camera", tracking="serial")
        with self.assertRaisesRegex(UserError, "lot or serial number of Camera"):
            self._adjust("in", [(tracked, 1)]).action_apply()

    def test_a_count_of_stock_is_in_the_log_once(self):
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.tea.id), ("location_id", "=", self.store.lot_stock_id.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 7
        quant.action_apply_inventory()
        log = self._log(self.tea)
        self.assertEqual(log.mapped("signed_qty"), [-3])
        self.assertFalse(log.adjustment_id)
        self.assertEqual(log.location_id, self.store.lot_stock_id)

    def test_a_transfer_is_no_adjustment(self):
        customer = self.env["stock.location"].search([("usage", "=", "customer")], limit=1)
        move = self.env["stock.move"].create(
            {
                "product_id": self.tea.id,
                "product_uom_qty": 1,
                "location_id": self.store.lot_stock_id.id,
                "location_dest_id": customer.id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.quantity = 1
        move.picked = True
        move._action_done()
        self.assertFalse(self._log(self.tea))

    def test_the_stock_typed_on_a_product_is_an_adjustment(self):
        products = self.env["product.template"].with_user(self.manager)
        products = products.with_context(retail_number=True, default_is_storable=True)
        with Form(products, view="retail_guide.product_template_view_form") as form:
            form.name = "New Tea"
            form.retail_stock_qty = 5
        template = form.record
        self.assertEqual(self._held(template.product_variant_id.sudo()), 5)
        with Form(template, view="retail_guide.product_template_view_form") as form:
            self.assertEqual(form.retail_stock_qty, 5)
            form.retail_stock_qty = 8
        self.assertEqual(self._held(template.product_variant_id.sudo()), 8)
        log = self._log(template.product_variant_id)
        self.assertEqual(log.mapped("signed_qty"), [5, 3])
        self.assertEqual(set(log.mapped("reason")), {"correction"})
        with self.assertRaises(UserError):
            template.retail_stock_qty = -1

    def test_saving_a_product_otherwise_adjusts_nothing(self):
        template = self.tea.product_tmpl_id.with_user(self.manager)
        with Form(template, view="retail_guide.product_template_view_form") as form:
            form.name = "Green Tea"
        self.assertFalse(self._log(self.tea))

    def test_rights(self):
        guide = self._user("adjust_guide", "retail_crm.group_guide")
        accountant = self._user("adjust_accountant", "retail_crm.group_accountant")
        clerk = self._user("adjust_clerk", "retail_crm.group_order_clerk")
        for user in (guide, accountant):
            with self.assertRaises(AccessError):
                self._adjust("in", [(self.tea, 1)], user=user)
        document = self._adjust("in", [(self.tea, 1)], user=clerk)
        with self.assertRaises(AccessError):
            document.with_user(accountant).action_apply()
        document.action_apply()
        self.assertEqual(self._log(self.tea).with_user(accountant).quantity, 1)
        with self.assertRaises(AccessError):
            self._log(self.tea).with_user(guide).read(["quantity"])
        with self.assertRaises(AccessError):
            self.tea.product_tmpl_id.with_user(guide).retail_stock_qty = 3
