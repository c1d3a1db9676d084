from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import TillCommon

LOGGER = "odoo.addons.pos_retail_promo.models.pos_order_loyalty"


@tagged("post_install", "-at_install")
class TestTillLoyalty(TillCommon):
    """What a sale does to cards is done when it arrives: the till's second call may never come."""

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
        cls.cashier = new_test_user(
            cls.env,
            "loyalty-cashier",
            groups="retail_crm.group_cashier,point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.open_new_session()

    def _cards(self, program=None):
        program = program or self.program
        return self.env["loyalty.card"].search([("program_id", "=", program.id)])

    def _asked(self, points, card=None, program=None, **values):
        """What the till tells of one card: a new one where it names none."""
        key = card.id if card else -1
        entry = {"points": points, "program_id": (program or self.program).id, "coupon_id": key}
        return {str(key): {**entry, **values}}

    def _sale(self, asked, lines=None, total=69.0):
        lines = lines or [self._goods_line(self.tea, 1)]
        order = self._send(lines, total, 9.0, partner=self.member, retail_loyalty={"asked": asked})
        return order.with_user(self.cashier)

    def test_the_till_looks_cards_of_nobody_up(self):
        card = self.env["loyalty.card"].create({"program_id": self.program.id, "points": 5})
        found = card.with_user(self.cashier).search([("code", "=", card.code)])
        self.assertEqual(found, card)

    def test_points_are_given_with_the_sale(self):
        asked = self._asked(69, partner_id=self.member.id)
        order = self._sale(asked)
        card = self._cards()
        self.assertEqual(card.points, 69)
        self.assertRecordValues(
            card.retail_move_ids, [{"kind": "earned", "document": f"pos.order,{order.uuid}"}]
        )
        # The till calls as stock does, and again because the answer was lost.
        for _call in range(2):
            told = order.confirm_coupon_programs(asked)
            self.assertEqual(
                [(row["old_id"], row["id"], row["points"]) for row in told["coupon_updates"]],
                [(-1, card.id, 69)],
            )
        self.assertEqual(self._cards(), card)
        self.assertEqual((card.points, len(card.retail_move_ids)), (69, 1))
        self.assertEqual(len(card.history_ids), 1)

    def test_points_that_pay_are_used_with_the_sale(self):
        self.member._retail_points(500, "A game", "Won")
        card, reward = self._cards(), self.program.reward_ids
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
        asked = self._asked(39 - 300, card, partner_id=self.member.id, line_codes=["R"])
        order = self._sale(asked, [self._goods_line(self.tea, 1), paid], 39.0)
        self.assertEqual(card.points, 239)
        # Someone else moves the card: the till is told what it holds now.
        self.member._retail_points(11, "A game", "Won again")
        self.assertEqual(order.confirm_coupon_programs(asked)["coupon_updates"][0]["points"], 250)
        book = dict(
            self.env["retail.points.move"]._read_group(
                [("card_id", "=", card.id)], ["kind"], ["points:sum"]
            )
        )
        self.assertEqual(book, {"earned": 500 + 39 + 11, "used": -300})

    def test_a_gift_card_is_made_once(self):
        """The till prints it after the second call, which names what the first one made."""
        made = self.env["loyalty.program"].create_from_template("gift_card")
        program = self.env["loyalty.program"].browse(made["res_id"])
        program.pos_report_print_id = self.env.ref("loyalty.report_gift_card")
        asked = self._asked(69, program=program, code="GIFT-69")
        order = self._sale(asked)
        card = self._cards(program)
        self.assertRecordValues(card, [{"code": "GIFT-69", "points": 69}])
        told = order.confirm_coupon_programs(asked)
        self.assertEqual(list(told["coupon_report"].values()), [card.ids])
        self.assertEqual(self._cards(program), card)
        self.assertEqual(card.points, 69)

    def test_a_failure_is_filed_and_the_till_tries_again(self):
        wrong = {"-1": {"points": 69, "program_id": 10**8, "coupon_id": -1}}
        with mute_logger(LOGGER, "odoo.sql_db"):
            order = self._sale(wrong)
        self.assertEqual(order.state, "paid")
        filed = self._differences(order)
        self.assertIn("Points and cards could not be changed", filed.reason)
        self.assertEqual(filed.till_outcome, filed.server_outcome)
        self.assertFalse(self._cards())
        for _call in range(2):
            order.confirm_coupon_programs(self._asked(69, partner_id=self.member.id))
        self.assertEqual(self._cards().points, 69)

    def test_a_sale_without_them_asks_for_nothing(self):
        order = self._sale({})
        self.assertFalse(self._cards())
        order.confirm_coupon_programs(self._asked(69, partner_id=self.member.id))
        self.assertEqual(self._cards().points, 69)
