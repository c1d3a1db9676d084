from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_play import PlayCommon


@tagged("post_install", "-at_install")
class TestRedPacket(PlayCommon):
    """A budget is shared to the cent, goes to e-wallets and stands in the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        revenue = cls.company_data["default_account_revenue"]
        cls.wallet_account = cls.company_data["default_account_expense"].copy(
            {"name": "E-wallets", "code": "240901", "account_type": "liability_current"}
        )
        cls.cost_account = revenue.copy({"name": "Red packets", "code": "640901"})
        cls.cost_account.account_type = "expense"
        cls.wallet = cls.env["loyalty.program"].create(
            {
                "name": "E-wallet",
                "program_type": "ewallet",
                "trigger": "auto",
                "applies_on": "future",
                "company_id": cls.company.id,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        product = cls.wallet.payment_program_discount_product_id
        product.property_account_income_id = cls.wallet_account
        cls.members = cls.member | cls.bob
        for number in range(8):
            cls.members |= cls._member(f"Member{number}")

    @classmethod
    def _packet(cls, opened=True, **values):
        packet = cls.env["retail.red.packet"].create(
            {
                "name": "New Year",
                "budget": 10,
                "packet_count": 10,
                "program_id": cls.wallet.id,
                "account_id": cls.cost_account.id,
                **cls.period,
                **values,
            }
        )
        if opened:
            packet.action_open()
        return packet

    def _wallets(self):
        cards = self.env["loyalty.card"].search([("program_id", "=", self.wallet.id)])
        return {card.partner_id: card.points for card in cards}

    # === THE BUDGET === #

    def test_all_packets_are_the_budget_everywhere(self):
        packet = self._packet()
        for member in self.members:
            self._play(packet, member)
        draws = packet.draw_ids
        self.assertTrue(all(draw.amount >= 0.01 for draw in draws))
        self.assertAlmostEqual(sum(draws.mapped("amount")), 10)
        self.assertEqual((packet.spent, packet.left, packet.packets_left), (10, 0, 0))
        wallets = self._wallets()
        self.assertEqual(set(wallets), set(self.members))
        for draw in draws:
            self.assertAlmostEqual(wallets[draw.partner_id], draw.amount)
        packet._book()
        entry = draws.move_id
        self.assertEqual((len(entry), entry.state), (1, "posted"))
        self.assertEqual(
            {line.account_id: line.balance for line in entry.line_ids},
            {self.cost_account: 10, self.wallet_account: -10},
        )
        self.assertEqual((packet.booked, packet.to_book), (10, 0))
        packet._book()
        self.assertEqual(draws.move_id, entry)
        with self.assertRaisesRegex(UserError, "All packets of New Year are drawn"):
            self._play(packet, self._member("Late"))

    def test_a_budget_of_one_cent(self):
        packet = self._packet(budget=0.01, packet_count=2, opened=False)
        with self.assertRaisesRegex(UserError, "can't be shared into 2 packets"):
            packet.action_open()
        packet.packet_count = 1
        packet.action_open()
        self.assertEqual(self._play(packet).amount, 0.01)

    def test_amounts_between_bounds(self):
        packet = self._packet(opened=False)
        packet.write({"split": "range", "least_amount": 0.5, "most_amount": 3})
        packet.action_open()
        self.assertEqual(packet.packet_count, 6)
        for member in self.members[:6]:
            amount = self._play(packet, member).amount
            self.assertTrue(0.5 <= amount <= 3)
        self.assertEqual(packet.left, 0)

    def test_bounds_that_do_not_fit_are_refused(self):
        for values, text in (
            ({"budget": 0}, "how much there is"),
            ({"budget": 10, "packet_count": 3, "most_amount": 3}, "to"),
            ({"budget": 10, "packet_count": 0}, "0 packets"),
            ({"split": "range"}, "at least and at most"),
            ({"split": "range", "least_amount": 6, "most_amount": 7}, "can't be shared"),
        ):
            packet = self._packet(opened=False, **values)
            with self.assertRaisesRegex(UserError, text):
                packet.action_open()

    def test_what_the_accountant_must_choose(self):
        packet = self._packet(opened=False, account_id=False)
        with self.assertRaisesRegex(UserError, "Ask the accountant to choose its cost account"):
            packet.action_open()

    # === WHO AND HOW OFTEN === #

    def test_one_for_each_member_and_request(self):
        packet = self._packet()
        first = self._play(packet, key="tap")
        self.assertEqual(self._play(packet, key="tap"), first)
        with self.assertRaisesRegex(UserError, "has used all draws of New Year"):
            self._play(packet)
        self.assertEqual(self._wallets(), {self.member: first.amount})

    def test_two_that_are_one_member_after_all(self):
        packet = self._packet()
        twin = self._member("Twin")
        amounts = self._play(packet).amount + self._play(packet, twin).amount
        self.member._retail_merge(twin)
        self.assertEqual(packet.draw_ids.partner_id, self.member)
        self.assertAlmostEqual(self._wallets()[self.member], amounts)
        self.assertAlmostEqual(packet.spent, amounts)
        with self.assertRaisesRegex(UserError, "has used all draws"):
            self._play(packet)

    def test_it_can_be_proved(self):
        packet = self._packet()
        record = self._play(packet)
        packet.action_end()
        self.assertEqual(record.action_verify()["params"]["type"], "success")
        record.sudo().amount += 0.01
        self.assertEqual(record.action_verify()["params"]["type"], "danger")

    def test_the_member_is_told(self):
        record = self._play(self._packet())
        mail = self.env["mail.mail"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
        self.assertIn("e-wallet", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.member)

    # === BOOKING === #

    def test_the_night_books_the_days_before(self):
        packet = self._packet()
        old, new = self._play(packet), self._play(packet, self.bob)
        old.sudo().day -= timedelta(days=1)
        self.env["retail.red.packet"].sudo()._cron_book()
        self.assertEqual(old.move_id.date, old.day)
        self.assertFalse(new.move_id)
        self.assertAlmostEqual(packet.booked + packet.to_book, packet.spent)
        packet.action_end()
        self.assertTrue(new.move_id)
        self.assertEqual(packet.booked, packet.spent)

    # === ROLES === #

    def test_accounts_are_the_accountants(self):
        packet = self._packet(opened=False)
        manager = packet.with_user(self._user("group_promotion"))
        with self.assertRaisesRegex(AccessError, "Accountants choose"):
            manager.write({"account_id": self.cost_account.id})
        manager.action_open()
        self._play(packet)
        accountant = packet.with_user(self._user("group_accountant"))
        accountant.account_id = self.cost_account
        with self.assertRaisesRegex(AccessError, "account and the journal"):
            accountant.write({"budget": 99})
        with self.assertRaisesRegex(AccessError, "Only promotion managers"):
            accountant.action_end()
        accountant.action_book()
        self.assertEqual(packet.booked, packet.spent)
        with self.assertRaises(AccessError):
            manager.action_book()

    def test_a_guide_draws_and_sees_the_own_store(self):
        self.bob.retail_store_id = self.other_store
        packet = self._packet()
        other = self._play(packet, self.bob)
        guide = self._user("group_guide", retail_store_ids=self.store.ids)
        action = packet.with_user(guide).action_draw_for_member()
        wizard = Form(
            self.env["retail.play.wizard"].with_user(guide).with_context(**action["context"])
        )
        wizard.partner_id = self.member
        record = wizard.save()
        record.action_draw()
        self.assertIn("are in the packet", record.result_text)
        seen = self.env["retail.red.packet.draw"].with_user(guide).search([])
        self.assertEqual(seen, packet.draw_ids - other)
