from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestPoints(LoyaltyCommon):
    """Members' points: given, used, taken back, merged; the book always equals the cards."""

    def test_points_are_given_and_written_down(self):
        move = self.member._retail_points(120, self.member, "A birthday")
        self.assertRecordValues(
            move,
            [
                {
                    "partner_id": self.member.id,
                    "program_id": self.points.id,
                    "company_id": self.company.id,
                    "kind": "earned",
                    "points": 120.0,
                    "name": self.member.display_name,
                    "reason": "A birthday",
                }
            ],
        )
        card = move.card_id
        self.assertEqual(card.points, 120)
        self.assertEqual(card.history_ids.issued, 120)
        self.assertBook()

    def test_a_repeated_request_changes_nothing(self):
        first = self.member._retail_points(5, "A game", "Won", document="draw,1")
        self.assertEqual(self.member._retail_points(5, "A game", "Won", document="draw,1"), first)
        self.assertEqual(self._points(), 5)
        self.member._retail_points(-5, "A game", "Taken back", "clawed", document="draw,1")
        self.assertEqual(self._points(), 0)

    def test_more_than_there_is_is_refused_with_the_numbers(self):
        self.member._retail_points(20, "A game", "Won")
        with self.assertRaisesRegex(UserError, "Ann has 20, and 100 are needed"):
            self.member._retail_points(-100, "A game", "Entry")
        self.member._retail_points(-100, "Goods", "Came back", "clawed", overdraw=True)
        self.assertEqual(self._points(), -80)
        # What comes next settles it.
        self.member._retail_points(100, "A game", "Won")
        self.assertEqual(self._points(), 20)
        self.assertBook()

    def test_only_members_have_points(self):
        with self.assertRaisesRegex(UserError, "no member"):
            self.customer._retail_points(5, "A game", "Won")

    def test_without_a_program_there_are_no_points(self):
        self.points.active = False
        with self.assertRaisesRegex(UserError, "no points program"):
            self.member._retail_points(5, "A game", "Won")

    def test_a_merge_adds_up_and_keeps_the_days(self):
        other = self._member("Bob")
        self.member._retail_points(30, "A game", "Won")
        move = other._retail_points(12, "A game", "Won")
        loser_card = move.card_id
        self.member._retail_merge_cards(other)
        self.assertEqual(self._points(), 42)
        self.assertEqual(loser_card.points, 0)
        self.assertEqual(move.card_id.partner_id, self.member)
        self.assertBook()

    def test_stock_s_own_changes_are_in_the_book(self):
        card = self.env["loyalty.card"].create(
            {"program_id": self.points.id, "partner_id": self.member.id, "points": 10}
        )
        self.env["loyalty.card.update.balance"].create(
            {"card_id": card.id, "new_balance": 4, "description": "Put right"}
        ).action_update_card_point()
        card.write({"points": 0, "active": False})
        self.assertEqual(
            [(move.kind, move.points) for move in card.retail_move_ids.sorted("id")],
            [("earned", 10), ("used", -6), ("expired", -4)],
        )
        with self.assertRaises(UserError):
            card.retail_move_ids.unlink()
