from datetime import date, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common_care import CareCase


@tagged("post_install", "-at_install")
class TestCareOccasion(CareCase):
    """Each trigger, its limits, and that it makes one task per occasion."""

    def _partners(self, strategy, day=None):
        strategy._generate(day or self.TODAY)
        return strategy.task_ids.partner_id

    def _entered(self, member, days_ago):
        member.flush_recordset()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = %s WHERE id = %s",
            [f"{self.TODAY - timedelta(days=days_ago)} 04:00:00", member.id],
        )

    def _triggered(self, trigger, days=0, **values):
        values.setdefault("plan", [{"form": "visit"}])
        return self._strategy(trigger=trigger, days=days, **values)

    def test_new_member(self):
        for member, days in ((self.silent, 2), (self.recent, 20)):
            self._entered(member, days)
        strategy = self._triggered("new_member", 1)
        self.assertEqual(self._partners(strategy), self.silent)
        self.assertEqual(strategy.task_ids.reason, "Member since 02/28/2026.")
        self.assertEqual(strategy._generate(self.TODAY + timedelta(days=1)), 0)

    def test_new_member_waits_for_the_days(self):
        self._entered(self.silent, 2)
        self._entered(self.recent, 20)
        strategy = self._triggered("new_member", 3)
        self.assertFalse(self._partners(strategy))
        self.assertEqual(self._partners(strategy, self.TODAY + timedelta(days=1)), self.silent)

    def test_birthday_once_a_year(self):
        self.silent.birthdate_date = date(1990, 3, 5)
        self.recent.birthdate_date = date(1990, 3, 6)
        strategy = self._triggered("birthday", 3, due_days=9)
        self.assertEqual(self._partners(strategy), self.silent)
        task = strategy.task_ids
        self.assertEqual(task.due_date, date(2026, 3, 5), "not after the birthday")
        self.assertEqual(task.reason, "Birthday on 03/05/2026.")
        self.assertEqual(strategy._generate(self.TODAY + timedelta(days=1)), 1, "the other one")
        self.assertEqual(strategy._generate(date(2027, 3, 5)), 2)

    def test_lunar_birthday(self):
        self.silent.write({"birthdate_date": date(1990, 7, 1), "retail_lunar_birthday": "1-15"})
        strategy = self._triggered("birthday")
        # The Lantern Festival of 2026.
        self.assertEqual(self._partners(strategy, date(2026, 3, 3)), self.silent)
        self.assertEqual(strategy._generate(date(2026, 7, 1)), 0)

    def test_born_on_29_february(self):
        self.silent.birthdate_date = date(1992, 2, 29)
        strategy = self._triggered("birthday")
        self.assertEqual(strategy._generate(date(2026, 2, 28)), 1)
        self.assertEqual(strategy._generate(date(2026, 3, 1)), 0)
        self.assertEqual(strategy._generate(date(2028, 2, 28)), 0)
        self.assertEqual(strategy._generate(date(2028, 2, 29)), 1)

    def test_festival(self):
        festival = self.env.ref("retail_crm.festival_mid_autumn")
        strategy = self._triggered("festival", 7, festival_id=festival.id, store_ids=self.store.ids)
        self.assertEqual(strategy._generate(date(2026, 9, 17)), 0)
        self.assertEqual(self._partners(strategy, date(2026, 9, 18)), self.silent | self.recent)
        self.assertEqual(strategy._generate(date(2026, 9, 25)), 0, "the same festival")
        self.assertEqual(strategy._generate(date(2027, 9, 15)), 2)

    def test_festival_that_is_over_for_good(self):
        festival = self.env["retail.festival"].create(
            {
                "name": "Opening Day",
                "calendar": "listed",
                "day_ids": [(0, 0, {"day": "2026-03-04"}), (0, 0, {"day": "2025-03-04"})],
            }
        )
        strategy = self._triggered("festival", 3, festival_id=festival.id, store_ids=self.store.ids)
        self.assertEqual(strategy._generate(self.TODAY), 2)
        self.assertEqual(strategy._generate(date(2027, 3, 2)), 0)

    def test_festival_is_asked_for(self):
        with self.assertRaises(ValidationError):
            self._triggered("festival", 3)

    def test_day_that_no_calendar_has(self):
        with self.assertRaisesRegex(ValidationError, "no day 31 in month 4"):
            self.env["retail.festival"].create({"name": "Never", "month": 4, "day": 31})
        eve = self.env.ref("retail_crm.festival_lunar_eve")
        self.assertEqual(eve._coming_day(date(2026, 1, 1)), date(2026, 2, 16))

    def test_after_a_purchase_of_a_category(self):
        strategy = self._triggered(
            "after_purchase", 10, product_categ_ids=self.product.categ_id.ids
        )
        self.assertEqual(self._partners(strategy), self.recent)
        other = self.env["product.category"].create({"name": "Hats"})
        hats = self._triggered("after_purchase", 10, product_categ_ids=other.ids)
        self.assertEqual(hats._generate(self.TODAY), 0, "an empty category is not all products")
        named = self._triggered("after_purchase", 10, product_ids=self.product.ids)
        self.assertEqual(named._generate(self.TODAY + timedelta(days=7)), 1, "runs were missed")
        self.assertEqual(named._generate(self.TODAY + timedelta(days=8)), 0)

    def test_what_was_brought_back_is_no_purchase(self):
        fact = self.env["retail.sale.fact"].search([("partner_id", "=", self.recent.id)], limit=1)
        fact.copy({"source_line": "back", "event": "returned", "qty": -1})
        strategy = self._triggered("after_purchase", 10)
        self.assertEqual(strategy._generate(self.TODAY), 0)

    @freeze_time("2026-03-01 04:00:00")
    def test_class_change(self):
        self.silent.retail_class_id = self.env.ref("retail_crm.class_vip")
        self.env["retail.class.history"].flush_model()
        self.env.cr.execute(
            "UPDATE retail_class_history SET create_date = '2026-03-01 04:00'"
            " WHERE partner_id = %s",
            [self.silent.id],
        )
        up = self._triggered("class_change", 1, class_change="up")
        down = self._triggered("class_change", 1, class_change="down")
        self.assertEqual(self._partners(up), self.silent)
        self.assertFalse(self._partners(down))

    def test_class_about_to_drop(self):
        gold = self.env["retail.customer.class"].create(
            {
                "name": "Gold",
                "level": 90,
                "keep_amount": 15,
                "rule_months": 3,
                "currency_id": self.company.currency_id.id,
            }
        )
        (self.silent | self.recent).retail_class_id = gold
        self.env.flush_all()
        for table in ("retail_class_history", "res_partner"):
            self.env.cr.execute(f"UPDATE {table} SET create_date = '2025-01-01'")
        facts = self.env["retail.sale.fact"].search([])
        facts.flush_recordset()
        self.env.cr.execute("UPDATE retail_sale_fact SET total_company = 10")
        # Both bought 90 days ago, one 10 days ago, too: soon the older purchase counts no more.
        strategy = self._triggered("class_drop", 7)
        self.assertEqual(self._partners(strategy), self.silent | self.recent)
        self.assertEqual(
            strategy.task_ids[0].reason,
            "Falls to a lower class by 03/09/2026 unless more is bought.",
        )
        gold.keep_amount = 10
        strategy = self._triggered("class_drop", 7)
        self.assertEqual(self._partners(strategy), self.silent)

    def test_likely_to_stay_away(self):
        for member, chance in ((self.silent, 0.8), (self.recent, 0.6)):
            self.env["retail.member.insight"].create(
                {
                    "partner_id": member.id,
                    "company_id": self.company.id,
                    "churn_probability": chance,
                }
            )
        strategy = self._triggered("churn_risk", risk_percent=70)
        self.assertEqual(self._partners(strategy), self.silent)
        self._bought(self.silent, 0)
        strategy._generate(self.TODAY)
        self.assertIn("cancelled", strategy.task_ids.mapped("state"), "bought meanwhile")

    def test_by_hand_needs_an_audience(self):
        with self.assertRaisesRegex(ValidationError, "to every member at once"):
            self._triggered("manual")
        strategy = self._triggered("manual", store_ids=self.store.ids)
        self.assertEqual(strategy._generate(self.TODAY), 2)
        self.assertEqual(strategy._generate(self.TODAY), 0, "once a day")
        self.env["retail.care.run"]._cron_start()
        runs = self.env["retail.care.run"].search([("strategy_id", "=", strategy.id)])
        self.assertEqual(runs.day, self.TODAY, "only by hand")

    def test_audience_without_members(self):
        empty = self.env["retail.customer.class"].create({"name": "Nobody's"})
        strategy = self._triggered("birthday", class_ids=empty.ids)
        self.assertEqual(strategy._generate(self.TODAY), 0)
        run = self.env["retail.care.run"].search([("strategy_id", "=", strategy.id)])
        self.assertEqual(run.state, "done")
        self.assertIn("No member has an occasion", run.message)
