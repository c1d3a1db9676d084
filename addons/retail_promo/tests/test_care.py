from datetime import timedelta

from odoo.addons.mail.tests.common import MockEmail
from odoo.tests import freeze_time, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestPromoCare(LoyaltyCommon, MockEmail):
    """Care by coupon, and when points are about to expire."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.member.retail_consent_mail = True

    def _strategy(self, **values):
        return self.env["retail.care.strategy"].create(
            {
                "name": "With points",
                "company_id": self.company.id,
                "class_ids": self.member.retail_class_id.ids,
                **values,
            }
        )

    def _get_points(self, member, points, days_ago):
        with freeze_time("2026-03-02 04:00:00") as clock:
            clock.tick(timedelta(days=-days_ago))
            member.with_company(self.company)._retail_points(points, "Test", "Test")

    def test_points_that_expire_soon(self):
        self.points.retail_expiry_months = 12
        fresh, spent = self._member("Bob"), self._member("Cyd")
        for member, days in ((self.member, 360), (fresh, 30), (spent, 360)):
            self._get_points(member, 100, days)
        self._get_points(spent, -100, 20)
        plan = [(0, 0, {"form": "visit"})]
        strategy = self._strategy(trigger="points_expiring", days=14, plan_ids=plan)
        strategy._generate()
        self.assertEqual(strategy.task_ids.partner_id, self.member)
        self.assertEqual(strategy.task_ids.reason, "Points expire by 03/16/2026.")
        self.assertEqual(strategy._generate(), 0)

    def test_points_that_never_expire(self):
        self._get_points(self.member, 100, 3000)
        strategy = self._strategy(
            trigger="points_expiring", days=14, plan_ids=[(0, 0, {"form": "visit"})]
        )
        self.assertEqual(strategy._generate(), 0)

    def test_coupon_by_mail_is_issued_once(self):
        promotion = self._coupon_promotion()
        strategy = self._strategy(
            trigger="manual",
            plan_ids=[
                (
                    0,
                    0,
                    {
                        "form": "coupon",
                        "coupon_promotion_id": promotion.id,
                        "mail_template_id": self.env.ref("retail_promo.care_mail_coupon").id,
                        "from_hour": 0,
                        "to_hour": 24,
                    },
                )
            ],
        )
        strategy._generate()
        task = strategy.task_ids.filtered(lambda one: one.partner_id == self.member)
        with self.mock_mail_gateway():
            task._job_send()
        self.assertEqual(task.state, "sent")
        coupon = promotion.coupon_ids.filtered(lambda card: card.partner_id == self.member)
        self.assertEqual(task.coupon_id, coupon)
        bodies = [mail["body"] for mail in self._mails if coupon.code in str(mail["body"])]
        self.assertEqual(len(bodies), 1)

    def test_coupon_of_a_promotion_that_is_over(self):
        promotion = self._coupon_promotion()
        plan = {
            "form": "coupon",
            "coupon_promotion_id": promotion.id,
            "mail_template_id": self.env.ref("retail_promo.care_mail_coupon").id,
            "from_hour": 0,
            "to_hour": 24,
        }
        strategy = self._strategy(trigger="manual", plan_ids=[(0, 0, plan)])
        strategy._generate()
        task = strategy.task_ids.filtered(lambda one: one.partner_id == self.member)
        promotion.action_end()
        with self.mock_mail_gateway():
            task._job_send()
        self.assertEqual(task.state, "failed")
        self.assertIn("nobody could use its coupons", task.failure)
