from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..draw_engine import commitment, draw, draw_seed
from .common_play import PlayCommon

NOTHING = {"kind": "nothing", "weight": 0, "name": "Next time"}


@tagged("post_install", "-at_install")
class TestLottery(PlayCommon):
    """Members draw by odds they can see, and every draw can be proved."""

    # === WHAT IS WON === #

    def test_the_last_prize_then_the_consolation(self):
        lottery = self._lottery({"kind": "points", "points": 5, "quantity": 1}, NOTHING)
        prize, consolation = lottery.prize_ids
        self.assertEqual((prize.odds, consolation.odds), (100, 0))
        first, second = self._play(lottery), self._play(lottery)
        self.assertEqual((first.prize_id, first.state), (prize, "given"))
        self.assertEqual((second.prize_id, second.state), (consolation, "nothing"))
        self.assertEqual((prize.won, prize.left), (1, 0))
        self.assertEqual((prize.odds, consolation.odds), (0, 100))
        self.assertEqual(self._points(), 5)
        self.assertBook()

    def test_all_won_without_consolation_is_said(self):
        lottery = self._lottery({"kind": "points", "points": 5, "quantity": 1})
        self._play(lottery)
        with self.assertRaisesRegex(UserError, "nothing is left to draw"):
            self._play(lottery)

    def test_points_are_paid_and_won(self):
        self.member._retail_points(130, "Test", "Welcome")
        lottery = self._lottery(
            {"kind": "points", "points": 7}, price_kind="points", price_points=100
        )
        record = self._play(lottery)
        self.assertEqual((record.points_paid, record.points_won), (100, 7))
        self.assertEqual(self._points(), 37)
        history = self.env["loyalty.history"].search([("card_id.partner_id", "=", self.member.id)])
        self.assertIn(100, history.mapped("used"))
        with self.assertRaisesRegex(UserError, "has 37, and a draw costs 100"):
            self._play(lottery)
        self.assertEqual(self._points(), 37)
        self.assertBook()

    def test_a_coupon_is_issued_and_mailed(self):
        lottery = self._lottery({"kind": "coupon", "promotion_id": self._coupon_promotion().id})
        record = self._play(lottery)
        self.assertEqual(record.coupon_id.partner_id, self.member)
        self.assertEqual(record.coupon_id.retail_state, "unused")
        mail = self.env["mail.mail"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
        self.assertIn(record.coupon_id.code, mail.body_html)
        self.assertEqual(mail.recipient_ids, self.member)

    def test_a_coupon_that_holds_no_more_is_not_won(self):
        promotion = self._coupon_promotion()
        lottery = self._lottery({"kind": "coupon", "promotion_id": promotion.id}, NOTHING)
        promotion.action_end()
        self.assertEqual(self._play(lottery).kind, "nothing")

    # === WHO, WHEN, HOW OFTEN === #

    def test_refusals(self):
        vip = self.env.ref("retail_crm.class_vip")
        prize = {"kind": "nothing"}
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        gone = self._member("Gone", active=False)
        soon = self._lottery(prize, date_from=self.now + timedelta(days=1))
        over = self._lottery(prize)
        over.date_to = self.now - timedelta(hours=1)
        for lottery, member, text in (
            (soon, self.member, "begins on"),
            (over, self.member, "was over on"),
            (self._lottery(prize, opened=False), self.member, "is Draft"),
            (self._lottery(prize), stranger, "Only members can draw"),
            (self._lottery(prize), gone, "Only members can draw"),
            (self._lottery(prize, class_ids=vip.ids), self.member, "another class"),
            (self._lottery(prize, store_ids=self.other_store.ids), self.member, "other stores"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self._play(lottery, member)
            self.assertFalse(lottery.draw_ids)

    def test_draws_a_day_and_in_all(self):
        lottery = self._lottery({"kind": "nothing"}, draws_per_day=2, draws_per_member=3)
        self._play(lottery)
        second = self._play(lottery)
        with self.assertRaisesRegex(UserError, "draws of today"):
            self._play(lottery)
        self._play(lottery, self.bob)
        own = lottery.draw_ids.filtered(lambda record: record.partner_id == self.member)
        own.sudo().day = second.day - timedelta(days=1)
        self._play(lottery)
        with self.assertRaisesRegex(UserError, "has used all draws"):
            self._play(lottery)

    def test_each_paid_order_gives_a_draw(self):
        lottery = self._lottery({"kind": "nothing"}, price_kind="order", min_amount=50)
        order = self._order((self._goods(60), 1), partner_id=self.member.id)
        small = self._order((self._goods(40), 1), partner_id=self.member.id)
        (order | small).action_confirm()
        with self.assertRaisesRegex(UserError, "no paid order"):
            self._play(lottery)
        self._pay(order)
        self._pay(small)
        self.assertEqual(self._play(lottery).basket, f"sale.order,{order.id}")
        with self.assertRaisesRegex(UserError, "no paid order"):
            self._play(lottery)

    def _pay(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()

    def test_a_request_draws_once(self):
        lottery = self._lottery({"kind": "points", "points": 5})
        first = self._play(lottery, key="tap")
        self.assertEqual(self._play(lottery, key="tap"), first)
        self.assertEqual((lottery.drawn, self._points()), (1, 5))
        with self.assertRaisesRegex(UserError, "another member"):
            self._play(lottery, self.bob, key="tap")
        with self.assertRaisesRegex(UserError, "needs the key"):
            lottery._play(self.member, "")

    # === PROOF === #

    def test_everybody_can_prove_a_draw(self):
        lottery = self._lottery(
            {"kind": "nothing", "weight": 3, "name": "A"},
            {"kind": "points", "points": 1, "weight": 2, "quantity": 4, "name": "B"},
        )
        records = [self._play(lottery, key=f"request {number}") for number in range(6)]
        self.assertEqual([record.number for record in records], [1, 2, 3, 4, 5, 6])
        self.assertFalse(lottery.shown_seed)
        lottery.action_end()
        seed = lottery.shown_seed
        self.assertEqual(commitment(seed), lottery.seed_hash)
        for record in records:
            self.assertEqual(draw_seed(seed, record.number, record.request_key), record.seed)
            weights = [entry[2] for entry in record.entries]
            self.assertEqual(record.entries[draw(record.seed, weights)][0], record.prize_id.id)
            self.assertEqual(record.action_verify()["params"]["type"], "success")
        self.assertIn("B: weight 2, 4 left", records[0].entries_text)

    def test_a_changed_draw_is_found(self):
        lottery = self._lottery({"kind": "nothing", "name": "A"}, {"kind": "nothing", "name": "B"})
        record = self._play(lottery)
        record.sudo().prize_id = lottery.prize_ids - record.prize_id
        self.assertEqual(record.action_verify()["params"]["type"], "danger")

    def test_nobody_reads_or_writes_the_seed(self):
        lottery = self._lottery({"kind": "nothing"})
        manager = lottery.with_user(self._user("group_promotion"))
        with self.assertRaises(AccessError):
            manager.read(["seed"])
        with self.assertRaisesRegex(UserError, "buttons"):
            manager.write({"seed": "mine"})
        with self.assertRaisesRegex(UserError, "buttons"):
            manager.write({"drawn": 9})
        with self.assertRaisesRegex(UserError, "buttons"):
            manager.write({"state": "ended"})
        seed = lottery.sudo().seed
        manager.action_pause()
        manager.action_open()
        self.assertEqual(lottery.sudo().seed, seed)

    # === LIFE AND BAD INPUT === #

    def test_what_is_missing_is_listed(self):
        lottery = self._lottery(opened=False)
        with self.assertRaisesRegex(UserError, "Add its prizes"):
            lottery.action_open()
        promotion = self._coupon_promotion()
        promotion.action_pause()
        lottery.prize_ids = [
            Command.create({"name": name, **values})
            for name, values in {
                "C": {"kind": "coupon", "weight": 0, "promotion_id": promotion.id},
                "P": {"kind": "points", "weight": 0},
                "G": {"kind": "gift", "weight": 0, "product_id": self._goods(1).id},
            }.items()
        ]
        with self.assertRaises(UserError) as caught:
            lottery.action_open()
        for text in (
            "All prizes weigh 0",
            "Publish With coupon",
            "how many points P",
            "how many of G",
        ):
            self.assertIn(text, str(caught.exception))
        lottery.date_to = lottery.date_from
        with self.assertRaisesRegex(UserError, "ends before it starts"):
            lottery.action_open()

    @mute_logger("odoo.sql_db")
    def test_numbers_below_zero_are_refused(self):
        for values in ({"weight": -1}, {"quantity": -1}, {"points": -1}):
            with self.assertRaises(CheckViolation), self.cr.savepoint():
                self._lottery({"kind": "nothing", **values}, opened=False)

    def test_rules_change_in_draft_or_paused_only(self):
        lottery = self._lottery({"kind": "nothing"})
        for change in (
            lambda: lottery.write({"draws_per_day": 9}),
            lambda: lottery.prize_ids.write({"weight": 9}),
            lambda: lottery.prize_ids.unlink(),
            lambda: self.env["retail.lottery.prize"].create(
                {"lottery_id": lottery.id, "name": "More"}
            ),
        ):
            with self.assertRaisesRegex(UserError, "pause it"), self.cr.savepoint():
                change()
        lottery.action_pause()
        lottery.prize_ids.weight = 9
        lottery.action_open()
        lottery.action_end()
        with self.assertRaisesRegex(UserError, "can't be done now"):
            lottery.action_open()
        with self.assertRaisesRegex(UserError, "can't be deleted"):
            lottery.unlink()

    def test_it_ends_by_itself(self):
        lottery = self._lottery({"kind": "nothing"})
        lottery.date_to = self.now - timedelta(minutes=1)
        self.env["retail.lottery"]._cron_end()
        self.assertEqual(lottery.state, "ended")
        self.assertTrue(lottery.shown_seed)

    def test_a_member_merged_in_the_middle(self):
        twin = self._member("Twin")
        lottery = self._lottery({"kind": "points", "points": 5}, draws_per_member=2)
        self._play(lottery, key="one")
        self._play(lottery, twin, key="two")
        self.member._retail_merge(twin)
        self.assertEqual(lottery.draw_ids.partner_id, self.member)
        self.assertEqual(self._points(), 10)
        with self.assertRaisesRegex(UserError, "has used all draws"):
            self._play(lottery)
        self.assertBook()

    # === GIFTS === #

    def _gift_lottery(self, qty=1, **values):
        cup = self._goods(8, is_storable=True, name="Cup")
        self.env["stock.quant"]._update_available_quantity(cup, self.store.lot_stock_id, qty)
        prize = {"kind": "gift", "product_id": cup.id, "quantity": 2, "name": "Cup"}
        return cup, self._lottery(prize, **values)

    def test_a_gift_leaves_the_stock_when_it_is_handed_out(self):
        cup, lottery = self._gift_lottery()
        record = self._play(lottery)
        self.assertEqual(record.state, "waiting")
        self.assertEqual(record.fetch_until, record.day + timedelta(days=30))
        guide = self._user("group_guide", retail_store_ids=self.store.ids)
        action = record.with_user(guide).action_hand_out()
        wizard = Form(
            self.env["retail.lottery.hand.out"].with_user(guide).with_context(**action["context"])
        )
        self.assertEqual(wizard.store_id, self.store)
        wizard.save().action_hand_out()
        self.assertRecordValues(
            record,
            [{"state": "handed_out", "store_id": self.store.id, "handed_out_by_id": guide.id}],
        )
        self.assertEqual((record.picking_id.state, cup.qty_available), ("done", 0))
        with self.assertRaisesRegex(UserError, "isn't waiting"):
            record._hand_out(self.store)

    def test_a_store_without_the_gift_says_so(self):
        _cup, lottery = self._gift_lottery()
        record = self._play(lottery)
        with self.assertRaisesRegex(UserError, "Other has no Cup"):
            record._hand_out(self.other_store)
        self.assertEqual(record.state, "waiting")

    def test_a_gift_that_nobody_fetches(self):
        _cup, lottery = self._gift_lottery(gift_days=1)
        record = self._play(lottery)
        record.sudo().fetch_until = record.day - timedelta(days=1)
        self.env["retail.lottery.draw"].sudo()._cron_expire()
        self.assertEqual(record.state, "expired")

    # === ROLES === #

    def test_a_guide_draws_for_a_member(self):
        lottery = self._lottery({"kind": "points", "points": 5}, NOTHING, draws_per_day=1)
        guide = self._user("group_guide", retail_store_ids=self.store.ids)
        action = lottery.with_user(guide).action_draw_for_member()
        wizard = Form(
            self.env["retail.play.wizard"].with_user(guide).with_context(**action["context"])
        )
        self.assertIn("Prize: 100 %", wizard.odds_text)
        wizard.partner_id = self.member
        self.assertFalse(wizard.refusal)
        record = wizard.save()
        record.action_draw()
        record.action_draw()
        self.assertIn("is won!", record.result_text)
        self.assertEqual(lottery.draw_ids.user_id, guide)
        wizard = Form(
            self.env["retail.play.wizard"].with_user(guide).with_context(**action["context"])
        )
        wizard.partner_id = self.member
        self.assertIn("draws of today", wizard.refusal)

    def test_a_guide_sees_the_draws_of_the_own_store(self):
        self.bob.retail_store_id = self.other_store
        lottery = self._lottery({"kind": "nothing"})
        own, other = self._play(lottery), self._play(lottery, self.bob)
        guide = self._user("group_guide", retail_store_ids=self.store.ids)
        draws = self.env["retail.lottery.draw"]
        self.assertEqual(draws.with_user(guide).search([]), own)
        service = self._user("group_service")
        self.assertEqual(draws.with_user(service).search([]), own | other)

    def test_only_promotion_managers_change_lotteries(self):
        lottery = self._lottery({"kind": "nothing"})
        for role in ("group_guide", "group_service", "group_store_manager", "group_cashier"):
            seen = lottery.with_user(self._user(role))
            self.assertEqual(seen.name, "Wheel")
            for change in (seen.action_pause, lambda seen=seen: seen.write({"name": "Mine"})):
                with self.assertRaises(AccessError):
                    change()
