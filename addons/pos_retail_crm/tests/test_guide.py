from odoo.exceptions import AccessError, UserError, ValidationError
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

    def _shared(self, amount, share, quantity=1):
        """Sell tea for ``amount`` each: Bea, and the member's guide for a share in percent."""
        line = self._line(self.tea, quantity, self.bea, **self._price(amount, quantity))
        return self._sale(line | self._second(self.guide.id, share))

    def _price(self, amount, quantity=1):
        total = round(amount * quantity, 2)
        return {"price_unit": amount, "price_subtotal": total, "price_subtotal_incl": total}

    def _second(self, guide_id, share=50):
        return {"retail_second_guide_id": guide_id, "retail_second_share": share}

    def _change(self, order, guide, reason="Bea advised", lines=None, **second):
        action = order.with_user(self.manager).action_change_guide()
        wizard = self.env["retail.guide.correction"].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"guide_id": guide.id, "reason": reason, **second})
        if lines:
            wizard.line_ids = lines.with_user(self.manager)
        return wizard.action_change()

    def _base(self, guide):
        facts = self.env["retail.sale.fact"].search([("guide_id", "=", guide.id)])
        return round(sum(facts.mapped("amount_company")), 6)

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
        self.assertEqual(relations["retail_second_guide_id"]["type"], "integer")
        row = self.env["pos.order.line"]._load_pos_data_read(
            self._sale(self._line(self.tea, 1, self.bea)).lines, self.config
        )[0]
        self.assertEqual(row["retail_guide_id"], self.bea.id)

    # === TWO GUIDES === #

    def test_two_guides_share_to_the_cent(self):
        order = self._shared(10.01, 50)
        first, second = self._facts(order)
        self.assertEqual((first.guide_id, second.guide_id), (self.bea, self.guide))
        # Half of a cent too much: the second guide's part is rounded, the rest is Bea's.
        self.assertEqual((first.amount_company, second.amount_company), (5.0, 5.01))
        for name in ("price_subtotal", "price_total", "total_company"):
            self.assertAlmostEqual(first[name] + second[name], 10.01)
        self.assertEqual((first.qty, second.qty), (0.5, 0.5))
        self.assertEqual(first.cost + second.cost, 30.0)
        self.assertEqual(order._fact_write(), {"inserted": 0, "updated": 0, "deleted": 0})

    def test_what_two_sold_comes_back_from_both(self):
        order = self._shared(10.01, 33.33, 3)
        self.assertEqual((self._base(self.bea), self._base(self.guide)), (20.02, 10.01))
        returns = [self._refund(order, self.tea, 1, **self._price(10.01, -1)) for _part in range(3)]
        for back in returns:
            self.assertRecordValues(
                back.lines,
                [
                    {
                        "retail_guide_id": self.bea.id,
                        "retail_second_guide_id": self.guide.id,
                        "retail_second_share": 33.33,
                    }
                ],
            )
        # Three parts of 3.336...: rounded one by one a cent would stay.
        self.assertEqual((self._base(self.bea), self._base(self.guide)), (0, 0))
        self.assertAlmostEqual(sum(self._facts(order).mapped("qty")), 0)

    def test_the_back_office_takes_back_from_both(self):
        order = self._shared(10.01, 50)
        self.make_payment(order._refund(), self.cash_pm1, -10.01)
        self.assertEqual((self._base(self.bea), self._base(self.guide)), (0, 0))

    def test_my_figures_count_the_share(self):
        self._shared(200.0, 30)
        figures = self.env["retail.care.task"].with_user(self.guide).my_work()
        (sold,) = [figure for figure in figures if figure["name"] == "sales"]
        self.assertIn("60.00", sold["value"])

    def test_the_check_knows_two_guides(self):
        order = self._shared(10.01, 50)
        facts = self.env["retail.sale.fact"]
        self.assertNotIn(order.id, order._fact_suspects())
        wrongs = (
            "DELETE FROM retail_sale_fact WHERE basket = %s AND source_line LIKE '%%/2'",
            "UPDATE retail_sale_fact SET qty = 1 WHERE basket = %s",
        )
        for wrong in wrongs:
            self.env.cr.execute(wrong, [f"pos.order,{order.id}"])
            facts.invalidate_model()
            self.assertIn(order.id, order._fact_suspects())
            facts._check()
            self.assertEqual(self._facts(order).mapped("amount_company"), [5.0, 5.01])

    def test_a_share_is_corrected_and_filed(self):
        order = self._shared(10.0, 50, 2)
        back = self._refund(order, self.tea, 1, **self._price(10.0, -1))
        self._change(order, self.bea, second_guide_id=self.manager.id, second_share=25)
        bases = [self._base(guide) for guide in (self.bea, self.guide, self.manager)]
        self.assertEqual(bases, [7.5, 0, 2.5])
        self.assertEqual(back.lines.retail_second_guide_id, self.manager)
        with self.assertRaises(UserError):
            self._change(order, self.bea, second_guide_id=self.manager.id, second_share=25)
        self._change(order, self.bea)
        self.assertEqual((self._base(self.bea), self._base(self.manager)), (10.0, 0))
        self.assertFalse(order.lines.retail_second_share)
        changes = self.env["retail.guide.change"].search([("line_id", "=", order.lines.id)])
        self.assertRecordValues(
            changes.sorted("id"),
            [
                {
                    "old_guide_id": self.bea.id,
                    "old_second_guide_id": self.guide.id,
                    "old_second_share": 50.0,
                    "new_guide_id": self.bea.id,
                    "new_second_guide_id": self.manager.id,
                    "new_second_share": 25.0,
                    "create_uid": self.manager.id,
                },
                {
                    "old_guide_id": self.bea.id,
                    "old_second_guide_id": self.manager.id,
                    "old_second_share": 25.0,
                    "new_guide_id": self.bea.id,
                    "new_second_guide_id": False,
                    "new_second_share": 0.0,
                    "create_uid": self.manager.id,
                },
            ],
        )

    def test_shares_that_are_none(self):
        order = self._sale(self._line(self.tea, 1, self.bea))
        wrongs = [(self._second(self.guide.id, share), "above 0") for share in (0, -5, 100, 120)]
        wrongs += [(self._second(self.bea.id), "themselves")]
        for values, message in wrongs:
            named = {name.removeprefix("retail_"): value for name, value in values.items()}
            with self.assertRaises(ValidationError) as refusal:
                self._change(order, self.bea, **named)
            self.assertIn(message, str(refusal.exception))
        with self.assertRaises(ValidationError) as refusal:
            order.lines.write({"retail_guide_id": False, **self._second(self.guide.id)})
        self.assertIn("first guide", str(refusal.exception))
        self.assertFalse(self.env["retail.guide.change"].search([("order_id", "=", order.id)]))

    def test_a_second_guide_who_is_gone(self):
        order = self._sale(self._line(self.tea, 1, self.bea) | self._second(10**6))
        self.assertEqual(order.lines.retail_guide_id, self.bea)
        self.assertFalse(order.lines.retail_second_share)
        order = self._sale(
            self._line(self.tea, 1, retail_guide_id=10**6) | self._second(self.guide.id)
        )
        self.assertEqual(order.lines.retail_guide_id, order.user_id)
        self.assertFalse(order.lines.retail_second_guide_id)
