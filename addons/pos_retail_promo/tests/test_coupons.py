from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import TillCommon


@tagged("post_install", "-at_install")
class TestTillCoupons(TillCommon):
    """Coupons at tills: checked, held, used with the paid order, back with a whole refund."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tiers.action_pause()
        cls.tiers.needs_coupon = True
        cls.tiers.action_resume()
        cls.coupon = cls.tiers._issue_coupon(origin="A fair")
        cls.members = cls.env["res.partner"].create(
            [
                {"name": name, "is_member": True, "email": f"{name.lower()}@example.com"}
                for name in ("Ann", "Bob")
            ]
        )

    def setUp(self):
        super().setUp()
        self.open_new_session()
        cashier = new_test_user(
            self.env,
            "coupon-cashier",
            groups="retail_crm.group_cashier,point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.till = self.config.with_user(cashier)

    def _sold(self, coupon=None, **values):
        coupon = coupon or self.coupon
        coupons = {coupon.code: {"promotion": self.tiers.id, "token": "x"}}
        return self._tea_sale(retail_coupons=coupons, **values)

    def test_a_code_is_held_for_the_order(self):
        one, other = str(uuid4()), str(uuid4())
        told = self.till.retail_promo_coupon(one, self.coupon.code)
        self.assertEqual(
            (told["promotion"], told["token"]),
            (self.tiers.id, self.tiers._engine_program()["code"]),
        )
        # The second till at the same moment.
        self.assertIn(
            "another till", self.till.retail_promo_coupon(other, self.coupon.code)["error"]
        )
        self.assertEqual(self.till.retail_promo_coupons(one, [self.coupon.code]), {})
        self.till.retail_promo_coupon_free(one)
        self.assertIn("code", self.till.retail_promo_coupon(other, self.coupon.code))
        # Whoever went away without paying holds it for some minutes only.
        self.coupon.retail_held_until = fields.Datetime.now() - timedelta(seconds=1)
        self.assertIn("code", self.till.retail_promo_coupon(one, self.coupon.code))
        errors = self.till.retail_promo_coupons(other, [self.coupon.code])
        self.assertIn("another till", errors[self.coupon.code])

    def test_refusals(self):
        uuid = str(uuid4())
        self.assertFalse(self.till.retail_promo_coupon(uuid, "NO-SUCH-CODE"))
        own = self.tiers._issue_coupon(self.members[0])
        self.assertIn("choose the customer", self.till.retail_promo_coupon(uuid, own.code)["error"])
        other = self.till.retail_promo_coupon(uuid, own.code, self.members[1].id)
        self.assertIn("another member", other["error"])
        self.assertIn("code", self.till.retail_promo_coupon(uuid, own.code, self.members[0].id))
        self.tiers.action_pause()
        self.assertIn("Paused", self.till.retail_promo_coupon(uuid, own.code)["error"])
        with self.assertRaises(AccessError):
            self.config.with_user(
                new_test_user(self.env, "coupon-nobody", groups="base.group_user")
            ).retail_promo_coupon(uuid, own.code)

    def test_a_paid_order_uses_it(self):
        order = self._sold()
        self.assertFalse(self._differences(order))
        self.assertRecordValues(
            self.coupon,
            [{"retail_state": "used", "retail_document": f"pos.order,{order.uuid}"}],
        )
        told = self.till.retail_promo_coupon(str(uuid4()), self.coupon.code)
        self.assertIn("was used on", told["error"])

    def test_two_tills_paid_with_one_coupon(self):
        """The second was sold without a connection: it stands and is filed."""
        first, second = self._sold(), self._sold()
        self.assertEqual(self.coupon.retail_document, f"pos.order,{first.uuid}")
        filed = self._differences(second)
        self.assertEqual((filed.till_amount, filed.server_amount), (10, 0))

    def test_a_promotion_without_its_coupon_is_filed(self):
        order = self._tea_sale()
        self.assertEqual(self._differences(order).server_amount, 0)

    def test_a_whole_refund_gives_it_back(self):
        order = self._sold(retail_promotion_data=self._stored_data())
        tea = order.lines.filtered(lambda line: line.product_id == self.tea)
        ours = order.lines - tea
        self.assertEqual(order.retail_refund_benefits({str(tea.id): 1})["coupons"], [])
        told = order.retail_refund_benefits({str(tea.id): 2})
        self.assertEqual(told, {"points": [], "coupons": [self.coupon.code]})
        back = self._goods_line(self.tea, -2, refunded_orderline_id=tea.id)
        take = self._promotion_line(
            self.tiers, self.tax15, {back["uuid"]: -1000}, qty=-1, refunded_orderline_id=ours.id
        )
        self._send([back, take], -128.0, -16.7, is_refund=True)
        self.assertEqual(self.coupon.retail_state, "unused")
