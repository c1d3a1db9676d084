from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestDifference(PromoCommon):
    """Sales that the server judges otherwise than the till did are filed and decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promotion = cls._promotion(name="Autumn")
        cls.order = cls._order((cls._goods(10), 1))
        cls.values = {
            "name": "Till/0001",
            "sold_at": cls.now,
            "company_id": cls.company.id,
            "currency_id": cls.currency.id,
            "till_outcome": {str(cls.promotion.id): 150},
            "server_outcome": {},
            "till_amount": 1.5,
            "server_amount": 0.0,
        }

    def _file(self):
        return self.env["retail.promotion.difference"]._file(self.order, self.values)

    def test_filed_once(self):
        difference = self._file()
        self.assertEqual(self._file(), difference)
        self.assertEqual(difference.difference, 1.5)
        self.assertEqual(difference.till_text.replace("\u00a0", " "), "Autumn: $ 1.50")
        self.assertEqual(difference.server_text, "Nothing")
        self.assertEqual(difference.action_open_document()["res_id"], self.order.id)

    def test_decided_with_a_note(self):
        for action, state in (
            ("action_accept", "accepted"),
            ("action_compensate", "compensated"),
            ("action_correct", "corrected"),
        ):
            difference = self._file().with_user(self.env.user)
            with self.assertRaises(UserError):
                getattr(difference, action)()
            difference.note = "Till was offline"
            getattr(difference, action)()
            self.assertEqual(difference.state, state)
            self.assertEqual(difference.decided_by_id, self.env.user)
            with self.assertRaises(UserError):
                getattr(difference, action)()
            difference.action_reopen()
            difference.note = False

    def test_only_the_note_is_written(self):
        difference = self._file().with_user(self.env.user)
        with self.assertRaises(UserError):
            difference.till_amount = 0
