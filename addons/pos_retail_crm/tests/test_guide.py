from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestGuide(TillCommon):
    """Who sold a line: at the till, afterwards, and on what commission is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bea = cls._user("till-bea", "retail_crm.group_guide")
        cls.manager = cls._user(
            "till-manager", "retail_crm.group_store_manager,point_of_sale.group_pos_manager"
        )
        cls.store.retail_staff_ids = cls.bea + cls.guide + cls.manager

    def _line(self, product, quantity, guide=None, **values):
        values.update(product=product, quantity=quantity)
        return values | ({"retail_guide_id": guide.id} if guide else {})

    def _change(self, order, guide, reason="Bea advised", lines=None):
        action = order.with_user(self.manager).action_change_guide()
        wizard = self.env["retail.guide.correction"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"guide_id": guide.id, "reason": reason})
        if lines:
            wizard.line_ids = lines.with_user(self.manager)
        return wizard.action_change()

    def _base(self, guide):
        facts = self.env["retail.sale.fact"].search([("guide_id", "=", guide.id)])
        return sum(facts.mapped("amount_company"))

    def test_lines_name_their_guides(self):
        order = self._sale(
            self._line(self.tea, 1, self.bea), self._line(self.cup, 1), customer=self.member
        )
        self.assertEqual(order.lines.retail_guide_id, self.bea + self.guide)
        self.assertEqual(self._facts(order).guide_id, self.bea + self.guide)

    def test_the_cashier_without_a_member(self):
        order = self._sale(self._line(self.tea, 1))
        self.assertEqual(order.lines.retail_guide_id, order.user_id)

    def test_a_guide_who_is_gone(self):
        order = self._sale(self._line(self.tea, 1) | {"retail_guide_id": 10**6})
        self.assertEqual(order.state, "paid")
        self.assertEqual(order.lines.retail_guide_id, order.user_id)

    def test_the_guide_stays_when_the_member_gets_another(self):
        order = self._sale(self._line(self.tea, 1), customer=self.member)
        self.member.retail_guide_id = self.bea
        order._fact_write()
        self.assertEqual(self._facts(order).guide_id, self.guide)

    def test_what_comes_back_is_taken_from_who_sold_it(self):
        order = self._sale(self._line(self.tea, 3, self.bea), customer=self.member)
        sold = self._base(self.bea)
        self.assertGreater(sold, 0)
        self._refund(order, self.tea, 2)
        self.assertAlmostEqual(self._base(self.bea), sold / 3)
        self.assertFalse(self._base(self.guide))

    def test_corrected_afterwards(self):
        order = self._sale(self._line(self.tea, 2), self._line(self.cup, 1), customer=self.member)
        back = self._refund(order, self.tea, 1)
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        self._change(order, self.bea, lines=tea)
        self.assertEqual(tea.retail_guide_id, self.bea)
        self.assertEqual(back.lines.retail_guide_id, self.bea)
        self.assertAlmostEqual(self._base(self.bea), tea.price_subtotal / 2)
        changes = self.env["retail.guide.change"].search([("line_id", "=", tea.id)])
        self.assertRecordValues(
            changes,
            [
                {
                    "old_guide_id": self.guide.id,
                    "new_guide_id": self.bea.id,
                    "reason": "Bea advised",
                    "create_uid": self.manager.id,
                }
            ],
        )
        self.env.invalidate_all()
        self.assertEqual(order.retail_guide_change_count, 1)
        self.assertEqual(back.retail_guide_change_count, 1)
        found = changes.search(order.action_view_guide_changes()["domain"])
        self.assertEqual(found, changes)
        with self.assertRaises(UserError):
            self._change(order, self.bea, lines=tea)

    def test_the_trail_is_nobodys_to_edit(self):
        order = self._sale(self._line(self.tea, 1), customer=self.member)
        self._change(order, self.bea)
        change = self.env["retail.guide.change"].search([("order_id", "=", order.id)])
        with self.assertRaises(UserError):
            change.reason = "Nothing"
        with self.assertRaises(UserError):
            change.unlink()
        with self.assertRaises(AccessError):
            change.with_user(self.cashier).read(["reason"])
        self.assertEqual(change.with_user(self.manager).search([]), change)
        self.manager.retail_store_ids = [Command.clear()]
        self.assertFalse(change.with_user(self.manager).search([]))

    def test_it_takes_a_reason_a_guide_and_a_manager(self):
        order = self._sale(self._line(self.tea, 1), customer=self.member)
        for wrong in ({"reason": " "}, {"guide": self.env["res.users"]}):
            with self.assertRaises(UserError):
                self._change(order, **{"guide": self.bea, "reason": "So", **wrong})
        with self.assertRaises(AccessError):
            order.with_user(self.cashier).action_change_guide()

    def test_a_settled_order_keeps_its_guide(self):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.member.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.tea.id, "retail_guide_id": self.bea.id})
                ],
            }
        )
        sale.action_confirm()
        order = self._sale(
            self._line(
                self.tea,
                1,
                sale_order_origin_id=sale.id,
                sale_order_line_id=sale.order_line.id,
            ),
            customer=self.member,
        )
        self.assertEqual(order.lines.retail_guide_id, self.bea)

    def test_guides_at_the_till(self):
        names = [guide["name"] for guide in self.config._retail_till_guides()]
        self.assertEqual(
            sorted(names), sorted((self.bea + self.guide + self.manager).mapped("name"))
        )
        relations = self.pos_session.load_data_params()["pos.order.line"]["relations"]
        self.assertEqual(relations["retail_guide_id"]["type"], "integer")
        row = self.env["pos.order.line"]._load_pos_data_read(
            self._sale(self._line(self.tea, 1, self.bea)).lines, self.config
        )[0]
        self.assertEqual(row["retail_guide_id"], self.bea.id)
