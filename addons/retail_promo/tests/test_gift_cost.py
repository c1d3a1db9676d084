from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestGiftCost(PromoCommon):
    """Stock valued perpetually: what gifts cost by the report and by the ledger is the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stock_account = cls.company_data["default_account_assets"].copy({"code": "110199"})
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Promotions"})
        cls.analytic = cls.env["account.analytic.account"].create(
            {"name": "Cups", "plan_id": cls.plan.id, "company_id": cls.company.id}
        )
        cls.goods = cls._goods(100, cls.tax15)
        cls.cup = cls._goods(8, cls.tax6, is_storable=True)
        cls.cup.categ_id = cls.env["product.category"].create(
            {
                "name": "Cups",
                "property_cost_method": "average",
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": stock_account.id,
            }
        )
        cls.gift = cls._promotion(
            reward_kind="gift",
            group_size=1,
            product_scope="some",
            product_ids=[Command.set(cls.goods.ids)],
            gift_ids=[Command.create({"product_id": cls.cup.id})],
            analytic_distribution={str(cls.analytic.id): 100},
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.cup.standard_price = 3
        cls.env["stock.quant"]._update_available_quantity(cls.cup, cls.warehouse.lot_stock_id, 20)

    def _sold(self, *lines):
        order = self._order(*lines)
        order.action_confirm()
        return order

    def _deliver(self, order, qty=None):
        """Deliver all, or so many cups of each line and all else."""
        picking = order.picking_ids.filtered(lambda picking: picking.state != "done")
        for move in picking.move_ids:
            limited = qty is not None and move.product_id == self.cup
            move.write({"quantity": qty if limited else move.product_uom_qty, "picked": True})
        action = picking.button_validate()
        if isinstance(action, dict):
            self.env[action["res_model"]].with_context(**action["context"]).create({}).process()
        return picking

    def _return_cups(self, picking, qty):
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model="stock.picking"
            )
        )
        wizard = form.save()
        for line in wizard.product_return_moves:
            line.write({"quantity": qty if line.product_id == self.cup else 0, "to_refund": True})
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": qty, "picked": True})
        back.button_validate()

    def _invoice(self, order):
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        return invoice

    def _costs(self):
        """Return (delivered, booked) of the report, of the gift's promotion."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["retail.promotion.reconciliation"].search(
            [("promotion_id", "=", self.gift.id)]
        )
        self.assertAlmostEqual(sum(rows.mapped("difference")), 0.0, places=6)
        cost, ledger = (sum(rows.mapped(name)) for name in ("gift_cost", "gift_ledger"))
        self.assertAlmostEqual(sum(rows.mapped("gift_open")), cost - ledger, places=6)
        return round(cost, 2), round(ledger, 2)

    def _ledger(self):
        """Return the cost of gifts by the ledger alone: the items that are marked."""
        items = self.env["account.move.line"].search(
            [
                ("retail_promotion_id", "=", self.gift.id),
                ("display_type", "=", "cogs"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(items.mapped("balance"))

    def test_delivered_and_booked_on_the_promotion_and_its_analytics(self):
        order = self._sold((self.goods, 1))
        self._deliver(order)
        self.assertEqual(self._costs(), (3, 0))
        self._invoice(order)
        self.assertEqual((self._costs(), self._ledger()), ((3, 3), 3))
        # The promotion's profit reads from its analytic account: what it gave and what it cost.
        entries = self.env["account.analytic.line"].search(
            [(self.plan._column_name(), "=", self.analytic.id)]
        )
        self.assertEqual(sorted(entries.mapped("amount")), [-8.0, -3.0])

    def test_a_cost_that_changes_before_the_invoice(self):
        order = self._sold((self.goods, 2))
        self._deliver(order)
        self.cup.standard_price = 7
        self._invoice(order)
        self.assertEqual((self._costs(), self._ledger()), ((6, 6), 6))

    def test_a_gift_that_comes_back(self):
        self.cup.invoice_policy = "delivery"
        order = self._sold((self.goods, 2))
        picking = self._deliver(order)
        self._invoice(order)
        self.cup.standard_price = 7
        self._return_cups(picking, 1)
        order.order_line.filtered(lambda line: line.product_id == self.cup).product_uom_qty = 1
        order._create_invoices(final=True).action_post()
        delivered, booked = self._costs()
        self.assertEqual((booked, self._ledger()), (delivered, delivered))

    def test_invoiced_before_the_delivery(self):
        """What is not known yet is booked as stock does; the report says what is left."""
        order = self._sold((self.goods, 1))
        self._invoice(order)
        self.assertEqual((self._costs(), self._ledger()), ((0, 3), 3))
        self.cup.standard_price = 7
        self._deliver(order)
        self.assertEqual((self._costs(), self._ledger()), ((7, 3), 3))

    def test_bought_and_given_in_one_order(self):
        """The cost of the one that was paid for is none of the promotion's."""
        self.cup.invoice_policy = "delivery"
        order = self._sold((self.goods, 2), (self.cup, 3))
        self._deliver(order, 1)
        self._invoice(order)
        self.assertEqual(self._costs()[0], self._costs()[1])
        self.cup.standard_price = 7
        self._deliver(order)
        self._invoice(order)
        delivered, booked = self._costs()
        self.assertEqual((booked, self._ledger()), (delivered, delivered))
