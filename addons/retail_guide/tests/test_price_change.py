from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import GuideCase

BEFORE, MOMENT, AFTER = "2026-05-01 08:00:00", "2026-05-02 08:00:00", "2026-05-02 08:00:01"


@tagged("post_install", "-at_install")
@freeze_time(BEFORE)
class TestPriceChange(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "retail_crm.group_store_manager"
        cls.planner, cls.second = (cls._user(f"price_{name}", group) for name in ("one", "two"))
        cls.tea = cls.products["tea"].product_tmpl_id

    def _plan(self, price=3.0, user=None, **values):
        changes = self.env["retail.price.change"].with_user(user or self.planner)
        return changes.create(
            {"product_tmpl_id": self.tea.id, "date": MOMENT, "new_price": price, **values}
        )

    def test_an_approved_price_comes_at_its_moment(self):
        change = self._plan()
        change.with_user(self.second).action_approve()
        change._cron_apply()
        self.assertEqual(self.tea.list_price, 2)
        with freeze_time(AFTER):
            change.sudo()._cron_apply()
        self.assertEqual(self.tea.list_price, 3)
        self.assertRecordValues(change, [{"state": "applied", "old_price": 2}])

    def test_the_product_stays_approved(self):
        self.tea.with_user(self.planner).action_retail_submit()
        self.tea._retail_end_review("approved")
        change = self._plan()
        change.with_user(self.second).action_approve()
        with freeze_time(AFTER):
            change.sudo()._cron_apply()
        self.assertEqual(self.tea.retail_review_state, "approved")

    def test_a_plan_without_approval_does_not_come(self):
        change = self._plan()
        with freeze_time(AFTER):
            change.sudo()._cron_apply()
            self.assertEqual(self.tea.list_price, 2)
            with self.assertRaisesRegex(UserError, "is past"):
                change.with_user(self.second).action_approve()

    def test_nobody_approves_the_own_plan(self):
        with self.assertRaises(AccessError):
            self._plan().action_approve()

    def test_the_last_of_several_holds(self):
        later = fields.Datetime.to_datetime(MOMENT) + timedelta(hours=1)
        for change in (self._plan(5, date=later), self._plan(4)):
            change.with_user(self.second).action_approve()
        with freeze_time("2026-05-03"):
            self.env["retail.price.change"]._cron_apply()
        self.assertEqual(self.tea.list_price, 5)

    def test_what_is_approved_is_not_changed(self):
        change = self._plan()
        change.with_user(self.second).action_approve()
        for refused in (
            lambda: change.write({"new_price": 1}),
            lambda: change.write({"state": "applied"}),
            lambda: change.unlink(),
            lambda: change.with_user(self.second).action_approve(),
        ):
            with self.assertRaises(UserError):
                refused()
        change.action_cancel()
        with freeze_time(AFTER):
            change.sudo()._cron_apply()
        self.assertEqual(self.tea.list_price, 2)

    def test_bad_plans(self):
        self.assertEqual(self._plan(state="approved").state, "draft")
        for values in ({"price": -1, "date": AFTER}, {"price": 9}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self._plan(**values)
        guide = self._user("price_guide", "retail_crm.group_guide")
        with self.assertRaises(AccessError):
            self._plan(user=guide)
