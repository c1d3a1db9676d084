from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPointsPosting(LoyaltyCommon):
    """What members hold in points is a debt in the ledger, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.liability = cls.env["account.account"].create(
            {
                "name": "Points",
                "code": "210901",
                "account_type": "liability_current",
                "company_ids": cls.company.ids,
            }
        )
        cls.expense = cls.company_data["default_account_expense"]
        cls.company.write(
            {
                "retail_points_value": 0.033,
                "retail_points_liability_account_id": cls.liability.id,
                "retail_points_expense_account_id": cls.expense.id,
                "retail_points_journal_id": cls.company_data["default_journal_misc"].id,
            }
        )
        cls.accountant = new_test_user(
            cls.env,
            login="points accountant",
            groups="retail_crm.group_accountant,account.group_account_user",
            company_id=cls.company.id,
        )
        cls.postings = cls.env["retail.points.posting"].with_company(cls.company)
        cls.today = cls.postings._today(cls.company)

    def _post(self):
        # As the button of the list calls it, with nothing chosen.
        action = call_kw(self.postings.with_user(self.accountant), "action_post_now", [[]], {})
        return self.postings.browse(action["res_id"])

    def _balance(self):
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.liability.id), ("parent_state", "=", "posted")]
        )
        return -sum(items.mapped("balance"))

    def _statement(self, **values):
        return (
            self.env["retail.points.statement"]
            .with_user(self.accountant)
            .create(
                {
                    "company_id": self.company.id,
                    "date_from": self.today.replace(day=1),
                    "date_to": self.today + timedelta(days=1),
                    **values,
                }
            )
        )

    def test_the_debt_equals_the_points(self):
        self.member._retail_points(100, "A game", "Won")
        posting = self._post()
        self.assertEqual((posting.amount, self._balance()), (3.3, 3.3))
        self.assertEqual(posting.move_id.state, "posted")
        self.assertEqual(sum(posting.move_id.line_ids.mapped("balance")), 0)
        self.assertEqual(posting.move_id.line_ids.account_id, self.liability | self.expense)

    def test_asked_twice_it_posts_once(self):
        self.member._retail_points(100, "A game", "Won")
        self._post()
        with self.assertRaisesRegex(UserError, "Nothing to post"):
            self._post()
        self.assertEqual(self._balance(), 3.3)

    def test_every_kind_and_the_roll_forward(self):
        """Seven cents here and there: rounded once, the account agrees to the cent."""
        for number in range(7):
            self._member(f"M{number}")._retail_points(11, "A game", "Won")
            self._post()
        self.member._retail_points(101, "A game", "Won")
        self.member._retail_points(-13, "A game", "Entry")
        self.member._retail_points(-7, "Goods", "Came back", "clawed")
        self.member._retail_points(-3, "Points", "Too old", "expired")
        self._post()
        points = 77 + 101 - 13 - 7 - 3
        self.assertAlmostEqual(self._balance(), round(points * 0.033, 2))
        statement = self._statement()
        self.assertRecordValues(
            statement.line_ids,
            [
                {
                    "program_id": self.points.id,
                    "opening": 0,
                    "earned": 178,
                    "used": -13,
                    "clawed": -7,
                    "expired": -3,
                    "closing": points,
                    "closing_value": self._balance(),
                }
            ],
        )
        self.assertEqual((statement.difference, statement.open_points), (0, 0))
        line = statement.line_ids
        parts = ("opening", "earned", "used", "expired", "clawed", "valued", "closing")
        *changes, closing = (line[f"{part}_value"] for part in parts)
        self.assertAlmostEqual(sum(changes), closing)

    def test_periods_follow_one_another(self):
        with freeze_time("2026-03-10 10:00:00"):
            self.member._retail_points(100, "A game", "Won")
            self.company.retail_points_posting = "month"
        with freeze_time("2026-03-31 23:00:00"), self.enter_registry_test_mode():
            # It is April in Taipei: March is whole.
            self.env.ref("retail_promo.ir_cron_post_points").method_direct_trigger()
        self.assertEqual(self.postings.search([]).date, date(2026, 3, 31))
        with freeze_time("2026-04-10 10:00:00"):
            self.member._retail_points(-40, "A game", "Entry")
            self.postings.sudo()._post_until(self.company, date(2026, 4, 30))
        april = self._statement(date_from="2026-04-01", date_to="2026-04-30")
        self.assertRecordValues(
            april.line_ids,
            [
                {
                    "opening": 100,
                    "used": -40,
                    "closing": 60,
                    "opening_value": 3.3,
                    "closing_value": 1.98,
                }
            ],
        )
        self.assertEqual(april.difference, 0)

    def test_a_locked_period_is_posted_after_it(self):
        self.member._retail_points(100, "A game", "Won")
        self.company.fiscalyear_lock_date = self.today
        posting = self._post()
        self.assertEqual(posting.date, self.today + timedelta(days=1))
        self.assertEqual(posting.move_id.date, posting.date)
        locked = self._statement(date_to=self.today)
        self.assertEqual(
            (locked.account_amount, locked.open_points, locked.difference), (0, 100, 0)
        )

    def test_a_new_value_of_the_point(self):
        self.member._retail_points(100, "A game", "Won")
        self._post()
        self.company.retail_points_value = 0.05
        posting = self._post()
        self.assertRecordValues(posting.line_ids, [{"kind": "valued", "amount": 1.7}])
        self.assertEqual(self._balance(), 5)

    def test_points_below_zero_are_no_debt(self):
        self.member._retail_points(-50, "Goods", "Came back", "clawed", overdraw=True)
        self._post()
        self.assertEqual(self._balance(), -1.65)
        self.member._retail_points(50, "A game", "Won")
        self._post()
        self.assertEqual(self._balance(), 0)

    def test_a_booking_by_hand_shows(self):
        self.member._retail_points(100, "A game", "Won")
        posting = self._post()
        posting.move_id._reverse_moves([{"date": self.today, "ref": "By hand"}], cancel=True)
        statement = self._statement()
        self.assertEqual((statement.booked_amount, statement.account_amount), (3.3, 0))
        self.assertEqual(statement.difference, -3.3)

    def test_cards_from_before_are_brought_forward(self):
        note = {"retail_points_note": False}
        self.env["loyalty.card"].with_context(**note).create(
            {"program_id": self.points.id, "partner_id": self.member.id, "points": 200}
        )
        self._post()
        self.assertEqual(self._balance(), 6.6)
        self.assertBook()

    def test_what_is_missing_is_said(self):
        self.company.write({"retail_points_value": 0, "retail_points_journal_id": False})
        with self.assertRaisesRegex(UserError, "value of a point.*\n.*journal"):
            self._post()

    def test_a_merge_changes_no_debt(self):
        other = self._member("Bob")
        self.member._retail_points(30, "A game", "Won")
        other._retail_points(12, "A game", "Won")
        self._post()
        before = self._balance()
        self.member._retail_merge(other)
        with self.assertRaisesRegex(UserError, "Nothing to post"):
            self._post()
        self.assertEqual(self._balance(), before)

    def test_roles(self):
        guide = new_test_user(
            self.env, login="posting guide", groups="retail_crm.group_guide",
            company_id=self.company.id,
        )  # fmt: skip
        for model in ("retail.points.posting", "retail.points.statement"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(guide).search([])
        with self.assertRaises(AccessError):
            self.postings.with_user(guide).action_post_now()
        with self.assertRaises(AccessError):
            self.postings.with_user(self.accountant).create(
                {"company_id": self.company.id, "until": self.today, "date": self.today}
            )
