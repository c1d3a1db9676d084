from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PromoCommon


@tagged("post_install", "-at_install")
class TestBriefing(PromoCommon):
    """Guides and cashiers know the rules before a promotion starts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls.env["stock.warehouse"].create(
            {"name": "Briefed", "code": "BR1", "company_id": cls.company.id, "is_store": True}
        )
        cls.first = cls._staff("briefed_one", "guide")
        cls.second = cls._staff("briefed_two", "guide")
        cls.manager = cls._staff("briefing_promotion", "promotion", stores=False)
        cls.promotion = cls._draft(
            name="Spring",
            store_ids=[Command.set(cls.store.ids)],
            date_from=cls.now + timedelta(days=1),
        )
        cls.briefing = (
            cls.env["retail.promotion.briefing"]
            .with_user(cls.manager)
            .create({"promotion_id": cls.promotion.id, "text": "<p>10% off, members only.</p>"})
        )

    @classmethod
    def _staff(cls, login, role, stores=True):
        user = new_test_user(
            cls.env,
            login=login,
            groups="base.group_user",
            email=f"{login}@example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.sudo().group_ids = [
            Command.set(cls.env.ref(f"retail_crm.role_{role}").implied_ids.ids)
        ]
        if stores:
            cls.store.retail_staff_ids += user
        return user

    def _state_of(self, user):
        return self.briefing.reader_ids.filtered(lambda one: one.user_id == user).state

    def _messages_to(self, user):
        return (
            self.env["mail.message"]
            .sudo()
            .search_count(
                [
                    ("model", "=", "retail.promotion.briefing"),
                    ("res_id", "=", self.briefing.id),
                    ("partner_ids", "in", user.partner_id.ids),
                ]
            )
        )

    def _acknowledge(self, user):
        self.briefing.with_user(user).action_acknowledge()

    def test_two_guides_one_acknowledges(self):
        self.briefing.action_send()
        self.assertEqual(self.briefing.reader_ids.user_id, self.first | self.second)
        self.assertEqual(self.promotion.briefing_percent, 0)
        self._acknowledge(self.first)
        self.assertEqual(self.promotion.briefing_percent, 50)
        self.assertEqual(self._state_of(self.first), "acknowledged")
        self.assertEqual(self._state_of(self.second), "unread")

    def test_each_gets_a_message_and_a_todo_that_ends_with_reading(self):
        self.briefing.action_send()
        self.assertEqual(self.briefing.activity_ids.user_id, self.first | self.second)
        self.assertEqual((self._messages_to(self.first), self._messages_to(self.second)), (1, 1))
        self._acknowledge(self.first)
        self.assertEqual(self.briefing.activity_ids.user_id, self.second)

    def test_only_who_hasnt_read_is_reminded_and_once(self):
        self.briefing.action_send()
        self._acknowledge(self.first)
        cron = self.env["retail.promotion.briefing"]
        with freeze_time(self.now + timedelta(minutes=1)):
            cron._cron_remind()
            cron._cron_remind()
        self.assertEqual((self._messages_to(self.first), self._messages_to(self.second)), (1, 2))
        self.assertEqual(len(self.briefing.activity_ids), 1)
        late = self.briefing.reader_ids.filtered("reminded_at")
        self.assertEqual(late.user_id, self.second)

    def test_reminders_wait_for_their_day_and_stop_at_the_start(self):
        self.briefing.action_send()
        cron = self.env["retail.promotion.briefing"]
        self.promotion.date_from = self.now + timedelta(days=5)
        with freeze_time(self.now + timedelta(days=1)):
            cron._cron_remind()
        self.assertFalse(self.briefing.reader_ids.filtered("reminded_at"))
        with freeze_time(self.now + timedelta(days=6)):
            cron._cron_remind()
        self.assertFalse(self.briefing.reader_ids.filtered("reminded_at"))
        with freeze_time(self.now + timedelta(days=3, hours=1)):
            cron._cron_remind()
        self.assertEqual(len(self.briefing.reader_ids.filtered("reminded_at")), 2)

    def test_who_joins_later_is_briefed_before_the_start(self):
        self.briefing.action_send()
        joined = self._staff("briefed_late", "cashier")
        with freeze_time(self.now + timedelta(minutes=1)):
            self.env["retail.promotion.briefing"]._cron_remind()
        self.assertEqual(self._state_of(joined), "unread")
        self.assertGreaterEqual(self._messages_to(joined), 1)

    def test_publishing_refuses_or_warns(self):
        self.promotion.image_1920 = False
        self.company.retail_promo_briefing = "refuse"
        promotion = self.promotion.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "was not sent"):
            promotion.action_publish()
        self.briefing.action_send()
        self._acknowledge(self.first)
        with self.assertRaisesRegex(UserError, "read by 1 of 2"):
            promotion.action_publish()
        self.company.retail_promo_briefing = "warn"
        action = promotion.action_publish()
        self.assertIn("read by 1 of 2", action["params"]["message"])
        self.assertEqual(promotion.state, "published")

    def test_all_have_read(self):
        self.company.retail_promo_briefing = "refuse"
        self.briefing.action_send()
        self._acknowledge(self.first)
        self._acknowledge(self.second)
        self.promotion.with_user(self.manager).action_publish()
        self.assertEqual(self.promotion.state, "published")
        self.assertEqual(self.promotion.briefing_percent, 100)

    def test_a_changed_text_is_read_again(self):
        self.briefing.action_send()
        self._acknowledge(self.first)
        with self.assertRaisesRegex(UserError, "press Revise"):
            self.briefing.text = "<p>20% off.</p>"
        self.briefing.action_revise()
        self.assertFalse(self.briefing.activity_ids)
        self.briefing.text = "<p>20% off.</p>"
        self.briefing.action_send()
        self.assertEqual(self._state_of(self.first), "unread")
        self.assertEqual(self._messages_to(self.first), 2)

    def test_what_sending_needs(self):
        self.briefing.text = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "must know"):
            self.briefing.action_send()
        self.briefing.text = "<p>10% off.</p>"
        self.store.retail_staff_ids = False
        with self.assertRaisesRegex(UserError, "nobody to brief"):
            self.briefing.action_send()

    def test_who_sees_and_does_what(self):
        own = self.env["retail.promotion.briefing"].with_user(self.first)
        self.assertFalse(own.search([("id", "=", self.briefing.id)]), "not sent yet")
        self.briefing.action_send()
        self.assertEqual(own.search([("my_state", "=", "unread")]), self.briefing)
        self.env.invalidate_all()
        readers = self.env["retail.promotion.briefing.reader"].with_user(self.first)
        mine = readers.search([("briefing_id", "=", self.briefing.id)])
        self.assertEqual(mine.user_id, self.first)
        with self.assertRaises(AccessError):
            mine.state = "acknowledged"
        with self.assertRaises(AccessError):
            self.briefing.with_user(self.first).read(["reader_ids"])
        with self.assertRaises(AccessError):
            self.briefing.with_user(self.first).action_revise()
        outsider = self._staff("briefed_not", "guide", stores=False)
        with self.assertRaises(AccessError):
            self.briefing.with_user(outsider).action_acknowledge()
        with self.assertRaisesRegex(UserError, "wasn't sent to you"):
            self._acknowledge(self.manager)
        leader = self._staff("briefing_leader", "store_manager", stores=False)
        self.env.invalidate_all()
        self.assertEqual(len(self.briefing.with_user(leader).reader_ids), 2)
        with self.assertRaises(AccessError):
            self.briefing.with_user(leader).text = "<p>No.</p>"

    def test_who_left_doesnt_count(self):
        self.briefing.action_send()
        self._acknowledge(self.first)
        self.second.sudo().active = False
        self.env.invalidate_all()
        self.assertEqual(self.promotion.briefing_percent, 100)
