from odoo.fields import Command
from odoo.tests import tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestTillPoints(TillCommon):
    """Points at tills: earned and used apart, extra points, taken back below zero."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "company_id": cls.company.id,
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
                "reward_ids": [Command.create({"retail_bill_percent": 30})],
            }
        )
        cls.company.retail_points_program_id = cls.program
        cls.member = cls.env["res.partner"].create(
            {"name": "Ann", "is_member": True, "email": "ann@example.com"}
        )
        cls.extra = cls._promotion(
            name="Fifty",
            reward_kind="points",
            reward_points=50,
            group_id=cls.env["retail.promotion.group"]
            .create({"name": "P", "mode": "compound", "sequence": 1, "company_id": cls.company.id})
            .id,
            stackable=True,
        )

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _card(self):
        return self.env["loyalty.card"].search([("partner_id", "=", self.member.id)])

    def _kinds(self):
        return [(move.kind, move.points) for move in self._card().retail_move_ids.sorted("id")]

    def _earn(self, order, points):
        """What the till calls when the order is synced."""
        key = self._card().id or -1
        order.confirm_coupon_programs(
            {
                str(key): {
                    "points": points,
                    "program_id": self.program.id,
                    "coupon_id": key,
                    "partner_id": self.member.id,
                }
            }
        )

    def test_a_sale_earns_and_a_refund_takes_back(self):
        order = self._tea_sale(partner=self.member, retail_promotion_data=self._stored_data())
        self.assertEqual(self._kinds(), [("earned", 50)])
        self._earn(order, 128)
        self.assertEqual(self._card().points, 178)
        self.assertEqual(
            set(self._card().retail_move_ids.mapped("document")),
            {f"pos.order,{order.uuid}", f"pos.order,{order.uuid},{self.extra.id}"},
        )
        self.member._retail_points(-170, "A game", "Entry")
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        ours = order.lines - tea
        back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
        take = self._promotion_line(
            self.tiers, self.tax15, {back["uuid"]: -1000}, qty=-1, refunded_orderline_id=ours.id
        )
        refund = self._send([back, take], -128.0, -16.7, partner=self.member, is_refund=True)
        self.assertEqual(self._card().points, -170)
        # Stock counts returned goods where a rule has no minimum: not a second time.
        self._earn(refund, -128)
        self.assertEqual(self._card().points, -170)
        self.assertEqual(sum(points for _kind, points in self._kinds()), -170)

    def test_earned_and_used_are_told_apart(self):
        self.member._retail_points(500, "A game", "Won")
        order = self._tea_sale(partner=self.member)
        order.lines[0].write({"coupon_id": self._card().id, "points_cost": 300})
        self._earn(order, 128 - 300)
        totals = {}
        for kind, points in self._kinds():
            totals[kind] = totals.get(kind, 0) + points
        self.assertEqual(totals, {"earned": 500 + 50 + 128, "used": -300})
        self.assertEqual(self._card().points, 378)

    def test_what_points_paid_comes_back_in_part(self):
        self.member._retail_points(500, "A game", "Won")
        card, reward = self._card(), self.program.reward_ids
        tea = self._goods_line(self.tea, 2)
        paid = self._goods_line(
            reward.discount_line_product_id,
            1,
            price_unit=-30,
            tax_ids=[Command.set([])],
            is_reward_line=True,
            reward_id=reward.id,
            coupon_id=card.id,
            reward_identifier_code="R",
            points_cost=300,
        )
        self.extra.action_pause()
        order = self._send([tea, paid], 108.0, 18.0, partner=self.member)
        self._earn(order, 120 - 300)
        self.assertEqual(card.points, 320)
        one, points = order.lines.sorted("price_unit", reverse=True)
        self.assertEqual(
            order.retail_refund_benefits({str(one.id): 1, str(points.id): 0.5}),
            {"points": [{"name": "Points", "taken": 60, "returned": 150}], "coupons": []},
        )
        self._refunded(one, -1, points, -0.5, -54.0)
        self.assertEqual(card.points, 320 - 60 + 150)
        # The rest: no point is lost or won. What isn't of the sale counts for nothing.
        told = order.retail_refund_benefits({str(one.id): 1, str(points.id): 0.5, "0": 7})
        self.assertEqual(told["points"], [{"name": "Points", "taken": 60, "returned": 150}])
        self._refunded(one, -1, points, -0.5, -54.0)
        self.assertEqual(card.points, 500)
        totals = {}
        for kind, number in self._kinds():
            totals[kind] = totals.get(kind, 0) + number
        self.assertEqual(totals, {"earned": 620, "clawed": -120, "used": 0})

    def _refunded(self, tea, qty, reward, part, total):
        lines = [
            self._goods_line(self.tea, qty, refunded_orderline_id=tea.id),
            self._goods_line(
                reward.product_id,
                part,
                price_unit=-30,
                tax_ids=[Command.set([])],
                refunded_orderline_id=reward.id,
            ),
        ]
        return self._send(lines, total, -9.0, partner=self.member, is_refund=True)

    def test_the_till_knows_class_and_share(self):
        vip = self.env.ref("retail_crm.class_vip")
        vip.points_multiplier = 1.5
        self.member.retail_class_id = vip
        rows = self.env["res.partner"]._load_pos_data_read(self.member, self.config)
        self.assertEqual(rows[0]["_retail_points_times"], 1.5)
        fields = self.env["loyalty.reward"]._load_pos_data_fields(self.config)
        self.assertIn("retail_bill_percent", fields)
