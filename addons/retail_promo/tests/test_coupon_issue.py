from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common_loyalty import LoyaltyCommon


@tagged("post_install", "-at_install")
class TestCouponIssue(LoyaltyCommon):
    """Coupons issued together, as a promotion manager does it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            login="coupon manager",
            groups="retail_crm.group_promotion",
            company_id=cls.company.id,
        )
        cls.promotion = cls._coupon_promotion(percent=20)
        cls.vip = cls.env.ref("retail_crm.class_vip")
        cls.vips = cls.env["res.partner"]
        for number in range(3):
            cls.vips |= cls._member(f"Vip{number}", retail_class_id=cls.vip.id)

    def _issue(self, user=None, **values):
        wizard = (
            self.env["retail.coupon.issue"]
            .with_user(user or self.manager)
            .create({"promotion_id": self.promotion.id, "name": "Fair", **values})
        )
        return self.env["retail.coupon.batch"].browse(wizard.action_issue()["res_id"])

    def test_ten_to_hand_out(self):
        until = date.today() + timedelta(days=10)
        batch = self._issue(quantity=10, partner_brand="Tea House", valid_until=until)
        self.assertEqual(len(set(batch.coupon_ids.mapped("code"))), 10)
        self.assertRecordValues(
            batch,
            [
                {
                    "issued_count": 10,
                    "unused_count": 10,
                    "used_count": 0,
                    "partner_brand": "Tea House",
                    "date_until": until,
                    "given_amount": 0.0,
                }
            ],
        )
        self.assertEqual(self.promotion.coupon_count, 10)

    def test_to_a_class(self):
        batch = self._issue(audience="class", class_ids=[Command.set(self.vip.ids)])
        self.assertLessEqual(self.vips, batch.coupon_ids.partner_id)
        self.assertNotIn(self.member, batch.coupon_ids.partner_id)
        self.assertIn(self.vip.name, batch.audience)

    def test_to_a_tag_a_store_or_chosen_members(self):
        tag = self.env["res.partner.category"].create({"name": "Runner"})
        self.vips[0].category_id = tag
        store = self.env["stock.warehouse"].search([("company_id", "=", self.company.id)], limit=1)
        store.is_store = True
        self.vips[1].retail_store_id = store
        batch = self._issue(audience="tag", tag_ids=[Command.set(tag.ids)])
        self.assertEqual(batch.coupon_ids.partner_id, self.vips[0])
        batch = self._issue(audience="store", store_ids=[Command.set(store.ids)])
        self.assertEqual(batch.coupon_ids.partner_id, self.vips[1])
        batch = self._issue(
            audience="members", partner_ids=[Command.set(self.vips.ids)], per_member=2
        )
        self.assertEqual((batch.issued_count, batch.coupon_ids.partner_id), (6, self.vips))

    def test_what_a_batch_gave_away_is_counted_apart(self):
        ours, theirs = self._issue(quantity=2), self._issue(quantity=2, partner_brand="Tea House")
        goods = self._goods(100)
        order = self._order((goods, 1))
        order._retail_coupon_enter(theirs.coupon_ids[0])
        order.action_confirm()
        self.assertEqual((theirs.given_amount, theirs.used_count), (20, 1))
        self.assertEqual((ours.given_amount, ours.used_count), (0, 0))
        theirs.with_user(self.manager).action_cancel_unused()
        self.assertEqual((theirs.cancelled_count, theirs.unused_count), (1, 0))

    def test_the_form_counts_beforehand(self):
        with Form(self.env["retail.coupon.issue"].with_user(self.manager)) as form:
            form.promotion_id = self.promotion
            form.name = "Fair"
            form.audience = "members"
            self.assertEqual(form.coupon_count, 0)
            form.partner_ids = self.vips
            self.assertEqual(form.coupon_count, 3)

    def test_bad_numbers(self):
        with self.assertRaisesRegex(UserError, "no coupon"):
            self._issue(quantity=0)
        with self.assertRaisesRegex(UserError, "no coupon"):
            self._issue(audience="class")
        with self.assertRaisesRegex(UserError, "too many"):
            self._issue(quantity=1000000)
        with self.assertRaisesRegex(UserError, "over before they hold"):
            self._issue(valid_until=date.today() - timedelta(days=3))
        self.promotion.action_end()
        with self.assertRaisesRegex(UserError, "nobody could use"):
            self._issue()

    def test_mails_go_to_who_agreed(self):
        self.vips[0].retail_consent_mail = True
        self.vips[0].lang = "en_US"
        batch = self._issue(
            audience="members", partner_ids=[Command.set(self.vips.ids)], send_mail=True
        )
        sent = batch.coupon_ids.filtered("retail_sent_at")
        self.assertEqual(sent.partner_id, self.vips[0])
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.vips.ids)])
        self.assertIn(sent.code, mail.body_html)
        # Sent again when the member asks for it.
        sent.with_user(self.manager).action_retail_send()
        self.assertEqual(len(mail.search([("recipient_ids", "in", self.vips.ids)])), 2)
        sent.sudo().action_retail_cancel()
        with self.assertRaisesRegex(UserError, "Nothing to send"):
            sent.action_retail_send()

    def test_they_are_printed(self):
        batch = self._issue(quantity=3)
        action = batch.with_user(self.manager).action_print()
        html = self.env["ir.actions.report"]._render_qweb_html(
            action["report_name"], action["context"]["active_ids"]
        )[0]
        for coupon in batch.coupon_ids:
            self.assertIn(coupon.code.encode(), html)

    def test_roles(self):
        guide = new_test_user(
            self.env, login="coupon guide", groups="retail_crm.group_guide,base.group_user",
            company_id=self.company.id,
        )  # fmt: skip
        accountant = new_test_user(
            self.env, login="coupon accountant", groups="retail_crm.group_accountant",
            company_id=self.company.id,
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self._issue(user=guide)
        with self.assertRaises(AccessError):
            self._issue(user=accountant)
        batch = self._issue(quantity=1)
        with self.assertRaises(AccessError):
            batch.with_user(guide).read(["name"])
        with self.assertRaises(AccessError):
            batch.coupon_ids.with_user(accountant).action_retail_cancel()
        self.assertEqual(batch.with_user(accountant).issued_count, 1)
        with self.assertRaises(AccessError):
            batch.coupon_ids.with_user(self.manager).write({"retail_used_at": False})
