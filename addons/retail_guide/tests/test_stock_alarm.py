from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestStockAlarm(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user(
            "alarm_manager", "retail_crm.group_store_manager", email="boss@example.com"
        )
        cls.manager.partner_id.phone = "+86 138 0013 8000"
        cls.tea = cls.products["tea"]
        cls.rule = cls._rule(product_id=cls.tea.id, min_qty=5, max_qty=20)
        locations = cls.env["stock.location"]
        cls.supplier = locations.search([("usage", "=", "supplier")], limit=1)
        cls.customer = locations.search([("usage", "=", "customer")], limit=1)

    @classmethod
    def _rule(cls, user=None, **values):
        values.setdefault("store_id", cls.store.id)
        return (
            cls.env["retail.stock.alarm.rule"]
            .with_user(user or cls.env.user)
            .create(
                {
                    "recipient_ids": [(0, 0, {"user_id": cls.manager.id, "by_sms": True})],
                    "company_id": cls.company.id,
                    **values,
                }
            )
        )

    def _move(self, quantity, product=None):
        """Bring goods in, or take them out (a negative quantity)."""
        product = product or self.tea
        places = (self.supplier, self.store.lot_stock_id)
        if quantity < 0:
            places = (self.store.lot_stock_id, self.customer)
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": abs(quantity),
                "location_id": places[0].id,
                "location_dest_id": places[1].id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move.quantity = abs(quantity)
        move.picked = True
        move._action_done()
        return move

    def _alarms(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["retail.stock.alarm"].search(
            [("company_id", "=", self.company.id), *domain], order="id"
        )

    def test_an_alarm_opens_once_and_ends_by_itself(self):
        self._move(-5)
        self.assertFalse(self._alarms())  # 5 is not less than 5
        self._move(-1)
        alarm = self._alarms()
        self.assertRecordValues(
            alarm, [{"kind": "low", "quantity": 4, "bound": 5, "state": "open"}]
        )
        self._move(-1)
        self.assertEqual(self._alarms(), alarm)
        self.assertEqual(alarm.quantity, 3)
        self._move(2)
        self.assertRecordValues(alarm, [{"state": "resolved", "quantity": 5}])
        self.assertTrue(alarm.resolved_at)
        self._move(-2)
        self.assertEqual(len(self._alarms()), 2)

    def test_the_upper_limit_is_reached(self):
        self._move(9)
        self.assertFalse(self._alarms())
        self._move(1)
        self.assertRecordValues(self._alarms(), [{"kind": "high", "quantity": 20}])
        self._move(-1)
        self.assertEqual(self._alarms().state, "resolved")

    def test_from_too_much_to_too_little(self):
        self._move(10)
        self._move(-18)
        self.assertRecordValues(
            self._alarms(),
            [{"kind": "high", "state": "resolved"}, {"kind": "low", "state": "open"}],
        )

    def test_a_count_raises_an_alarm_too(self):
        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.tea.id), ("location_id", "=", self.store.lot_stock_id.id)]
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 2
        quant.action_apply_inventory()
        self.assertEqual(self._alarms().quantity, 2)

    def test_a_category_watches_each_product_below_it(self):
        outer = self.env["product.category"].create({"name": "Drinks"})
        inner = self.env["product.category"].create({"name": "Milk", "parent_id": outer.id})
        milk, jam = self.products["milk"], self.products["jam"]
        milk.categ_id = inner
        rule = self._rule(categ_id=outer.id, min_qty=8)
        self.assertFalse(rule.alarm_ids)
        self._move(-3, milk)
        self._move(-3, jam)
        self.assertEqual(rule.alarm_ids.product_id, milk)

    def test_each_store_is_watched_by_itself(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "S2", "company_id": self.company.id, "is_store": True}
        )
        rule = self._rule(product_id=self.tea.id, store_id=False, min_qty=3)
        self.assertEqual(rule.alarm_ids.store_id, second)
        self.assertEqual(rule.alarm_ids.quantity, 0)

    def test_a_place_within_a_store(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.store.lot_stock_id.id}
        )
        rule = self._rule(product_id=self.tea.id, location_id=shelf.id, min_qty=1)
        self.assertEqual(rule.alarm_ids.quantity, 0)
        other = self.env["stock.warehouse"].create({"name": "Third", "code": "S3"})
        with self.assertRaises(UserError):
            rule.location_id = other.lot_stock_id

    def test_the_cost_of_a_check(self):
        self._move(-1)  # fills the caches
        alarms = self.env["retail.stock.alarm"]
        self.env.flush_all()
        with self.assertQueryCount(1):
            alarms._check(product_ids=self.tea.ids)
        self._rule(product_id=self.products["jam"].id, min_qty=1)
        self.products["jam"].stock_quant_ids.quantity = 0
        self.env.flush_all()
        with self.assertQueryCount(1):
            alarms._check(product_ids=self.products["jam"].ids)
        self.assertTrue(self._alarms(product_id=self.products["jam"].id))

    def test_a_negative_stock_is_too_little(self):
        self._move(-12)
        self.assertRecordValues(self._alarms(), [{"kind": "low", "quantity": -2}])

    def test_recipients_are_told_by_mail_and_sms(self):
        self._move(-6)
        alarm = self._alarms()
        self._alarms()._cron_tell()
        self.assertEqual(alarm.state, "notified")
        mail = alarm.notice_ids.filtered(lambda notice: notice.channel == "mail").mail_id
        sms = alarm.notice_ids.filtered(lambda notice: notice.channel == "sms").sms_id
        self.assertEqual(mail.recipient_ids, self.manager.partner_id)
        self.assertIn("has only", mail.body_html)
        self.assertEqual(sms.number, "+8613800138000")
        self.assertIn("on hand 4, limit 5", sms.body)
        self.assertFalse(alarm.failure)
        self._alarms()._cron_tell()
        self.assertEqual(len(alarm.notice_ids), 2)

    def test_failures_are_shown_on_the_alarm(self):
        self.manager.partner_id.phone = False
        self._move(-6)
        alarm = self._alarms()
        alarm._cron_tell()
        self.assertEqual(alarm.failure, f"{self.manager.name} has no phone number.")
        mail = alarm.notice_ids.mail_id
        mail.write({"state": "exception", "failure_reason": "The server said no."})
        alarm._cron_tell()
        self.assertIn("The server said no.", alarm.failure)
        self.assertIn(alarm, alarm.search([("notice_ids.state", "=", "failed")]))

    def test_what_the_queues_have_sent_is_sent(self):
        self._move(-6)
        alarm = self._alarms()
        alarm._cron_tell()
        alarm.notice_ids.sms_id.unlink()
        alarm.notice_ids.mail_id.state = "sent"
        alarm._cron_tell()
        self.assertEqual(set(alarm.notice_ids.mapped("state")), {"sent"})

    def test_told_again_until_acknowledged(self):
        self._move(-6)
        alarm = self._alarms()
        alarm._cron_tell()
        alarm.told_at = fields.Datetime.now() - timedelta(hours=25)
        alarm._cron_tell()
        self.assertEqual(len(alarm.notice_ids), 4)
        alarm.with_user(self.manager).action_acknowledge()
        self.assertRecordValues(
            alarm, [{"state": "acknowledged", "acknowledged_by_id": self.manager.id}]
        )
        alarm.told_at = fields.Datetime.now() - timedelta(hours=50)
        alarm._cron_tell()
        self.assertEqual(len(alarm.notice_ids), 4)
        with self.assertRaises(UserError):
            alarm.with_user(self.manager).action_acknowledge()
        self._move(9)
        self.assertEqual(alarm.state, "resolved")

    def test_put_aside(self):
        self._move(-6)
        alarm = self._alarms()
        alarm.with_user(self.manager).with_context(retail_snooze_hours=24).action_snooze()
        alarm._cron_tell()
        self.assertEqual(alarm.state, "snoozed")
        self.assertFalse(alarm.notice_ids)
        alarm.snoozed_until = fields.Datetime.now() - timedelta(minutes=1)
        alarm._cron_tell()
        self.assertEqual(alarm.state, "notified")
        for hours in (0, -5, 10000):
            with self.assertRaises(UserError):
                alarm.with_context(retail_snooze_hours=hours).action_snooze()
        alarm.with_user(self.manager).action_snooze()
        self._move(9)
        self.assertEqual(alarm.state, "resolved")

    def test_a_changed_or_archived_rule_closes_its_alarms(self):
        self._move(-6)
        self.rule.min_qty = 3
        self.assertEqual(self._alarms().state, "resolved")
        self.rule.min_qty = 6
        self.assertEqual(len(self._alarms(state="open")), 1)
        self.rule.action_archive()
        self.assertFalse(self._alarms(state="open"))
        with self.assertRaises(UserError):
            self.rule.unlink()

    def test_one_open_alarm_per_cause(self):
        self._move(-6)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._alarms().copy()

    def test_bad_limits_are_refused(self):
        for values in (
            {"min_qty": 0, "max_qty": 0},
            {"min_qty": 5, "max_qty": 5},
            {"min_qty": -1},
            {"min_qty": 1, "repeat_hours": -1},
            {"min_qty": 1, "categ_id": self.tea.categ_id.id},
        ):
            if "categ_id" in values and not values["categ_id"]:
                values["categ_id"] = self.env["product.category"].create({"name": "C"}).id
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError, msg=str(values)):
                with self.env.cr.savepoint():
                    self._rule(product_id=self.tea.id, **values)

    def test_rights(self):
        guide = self._user("alarm_guide", "retail_crm.group_guide")
        self._move(-6)
        alarm = self._alarms()
        self.assertEqual(alarm.with_user(guide).quantity, 4)
        with self.assertRaises(AccessError):
            alarm.with_user(guide).action_acknowledge()
        with self.assertRaises(AccessError):
            self._rule(user=guide, product_id=self.products["jam"].id, min_qty=1)
        for user in (guide, self.manager):
            with self.assertRaises(AccessError):
                alarm.with_user(user).state = "resolved"
        self._rule(user=self.manager, product_id=self.products["jam"].id, min_qty=1)
        self.rule.recipient_ids = [(0, 0, {"user_id": guide.id})]
        alarm.with_user(guide).action_acknowledge()

    def test_other_companies_see_nothing(self):
        self._move(-6)
        other = self.env["res.company"].create({"name": "Other Ltd"})
        stranger = new_test_user(
            self.env,
            login="alarm_stranger",
            groups="retail_crm.group_retail_admin",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("alarm", "alarm.rule", "alarm.recipient", "alarm.notice"):
            records = self.env[f"retail.stock.{model}"].with_user(stranger)
            self.assertFalse(records.with_context(allowed_company_ids=other.ids).search([]), model)
