from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestDifference(LoyaltyCommon):
    """Sales that the server judges otherwise than the till did are filed and decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.promotion = cls._promotion(name="Autumn")
        cls.order = cls._order((cls._goods(10), 1))
        cls.values = {
            "name": "Till/0001",
            "sold_at": cls.now,
            "company_id": cls.company.id,
            "currency_id": cls.currency.id,
            "store_id": cls.store.id,
            "partner_id": cls.member.id,
            "till_outcome": {},
            "server_outcome": {str(cls.promotion.id): 150},
            "till_amount": 0.0,
            "server_amount": 1.5,
        }
        cls.manager = new_test_user(
            cls.env,
            "difference_manager",
            groups="retail_crm.group_store_manager",
            company_id=cls.company.id,
        )
        cls.store.retail_staff_ids |= cls.manager

    def _file(self):
        differences = self.env["retail.promotion.difference"]
        return differences._file(self.order, self.values).with_user(self.manager)

    def _decide(self, difference, decision, reason="The till was offline", **values):
        wizard = self.env["retail.promotion.decision"].with_user(self.manager)
        context = getattr(difference, f"action_{decision}")()["context"]
        return wizard.with_context(**context).create({"reason": reason, **values}).action_decide()

    def test_filed_once_with_both_outcomes(self):
        difference = self._file()
        self.assertEqual(self._file(), difference)
        self.assertEqual(difference.difference, -1.5)
        cells = difference._comparison_cells()
        self.assertEqual(
            [tuple(cell.replace("\u00a0", " ") for cell in row) for row in cells],
            [("Autumn", "Nothing", "$ 1.50")],
        )
        self.promotion.name = "<b>Autumn</b>"
        difference.invalidate_recordset()
        self.assertIn("&lt;b&gt;Autumn", difference.comparison)
        self.assertEqual(difference.action_open_document()["res_id"], self.order.id)

    def test_managers_of_the_store_have_a_todo(self):
        difference = self._file()
        self.assertIn(self.manager, difference.activity_ids.user_id)
        self._decide(difference, "accept")
        self.assertFalse(difference.activity_ids)

    def test_accepted_with_a_reason(self):
        difference = self._file()
        with self.assertRaises(UserError):
            self._decide(difference, "accept", reason=" ")
        self._decide(difference, "accept")
        self.assertRecordValues(
            difference,
            [
                {
                    "state": "accepted",
                    "note": "The till was offline",
                    "decided_by_id": self.manager.id,
                }
            ],
        )
        self.assertIn("The till was offline", difference.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "decided already"):
            difference.action_accept()
        difference.action_reopen()
        self.assertRecordValues(difference, [{"state": "open", "decided_by_id": False}])

    def test_compensated_by_a_coupon(self):
        difference = self._file()
        with self.assertRaisesRegex(UserError, "Choose the promotion"):
            self._decide(difference, "compensate")
        promotion = self._coupon_promotion()
        self._decide(difference, "compensate", promotion_id=promotion.id)
        coupon = difference.sudo().settlement_ref
        self.assertEqual((coupon._name, coupon.partner_id), ("loyalty.card", self.member))
        self.assertEqual(coupon.retail_promotion_id, promotion)
        self.assertIn(coupon.code, difference.settlement_name)
        self.assertEqual(difference.state, "compensated")
        with self.assertRaisesRegex(UserError, "can't be taken back"):
            difference.action_reopen()

    def test_compensated_by_points(self):
        difference = self._file()
        before = self._points()
        with self.assertRaisesRegex(UserError, "how many points"):
            self._decide(difference, "compensate", gives="points")
        with self.assertRaisesRegex(UserError, "need a member"):
            self._decide(difference, "compensate", gives="points", partner_id=False, points=5)
        self._decide(difference, "compensate", gives="points", points=15)
        self.assertEqual(self._points() - before, 15)
        self.assertEqual(difference.sudo().settlement_ref._name, "retail.points.move")

    def test_corrected_by_a_document_that_exists(self):
        difference = self._file()
        with self.assertRaisesRegex(UserError, "Nothing corrects this sale yet"):
            self._decide(difference, "correct")
        self.assertEqual(difference.state, "open")
        self.order.action_confirm()
        self.order.order_line.qty_delivered = 1
        invoice = self.order._create_invoices()
        invoice.action_post()
        credit = invoice._reverse_moves()
        credit.action_post()
        self._decide(difference, "correct")
        self.assertEqual(difference.sudo().settlement_ref, credit)

    def test_nobody_edits_and_others_stores_are_others(self):
        difference = self._file()
        with self.assertRaises(UserError):
            difference.till_amount = 0
        other = new_test_user(
            self.env,
            "difference_other",
            groups="retail_crm.group_store_manager",
            company_id=self.company.id,
        )
        with self.assertRaises(AccessError):
            difference.with_user(other).read(["name"])
