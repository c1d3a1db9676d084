from datetime import date, timedelta

from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from ..models import demand_learning as learning
from .common import TODAY, GuideCase


@tagged("post_install", "-at_install")
class TestForecast(GuideCase):
    """Forecasts are made from the latest day sold, which is TODAY of the test data."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day in range(70):
            cls._sold(["bread"], days_ago=day)
        for week in range(0, 10, 3):
            cls._sold(["tea"], days_ago=7 * week + 2, times=4)
        cls._sold(["jam"], days_ago=120)
        cls.forecasts = cls.env["retail.demand.forecast"]
        cls.forecasts._forecast(cls.company)
        cls.manager = cls._user(
            "test_forecast_manager", "retail_crm.group_store_manager,stock.group_stock_manager"
        )
        cls.manager.retail_store_ids = cls.store

    def _row(self, name, store=None):
        product = self.products[name]
        return self.forecasts.search(
            [("product_id", "=", product.id), ("store_id", "=", (store or self.store).id)]
        )

    def _rule(self, name):
        return self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "=", self.products[name].id)]
        )

    def test_thirty_sold_in_thirty_days_lead_seven_safety_three(self):
        row = self._row("bread")
        self.assertAlmostEqual(row.weekly, 7.0)
        self.assertAlmostEqual(row.error, 0.0)
        self.assertEqual((row.suggested_min, row.suggested_max), (10, 17))
        self.assertEqual((row.kind, row.method, row.abc), ("smooth", "ses", "A"))
        self.assertEqual((row.on_hand, round(row.cover_days)), (10, 10))
        self.assertFalse(row.is_slow)

    def test_the_week_has_its_days(self):
        """Bread sells every day, butter on Saturdays only."""
        saturday = (TODAY.weekday() - 5) % 7
        for week in range(10):
            self._sold(["butter"], days_ago=saturday + 7 * week, times=20)
        self.forecasts._forecast(self.company)
        butter, bread = self._row("butter"), self._row("bread")
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        self.assertAlmostEqual(sum(butter[day] for day in days), butter.weekly, places=2)
        self.assertGreater(butter.saturday, 0.7 * butter.weekly)
        self.assertGreater(bread.monday, butter.monday)
        self.assertAlmostEqual(bread.error_percent, 0)

    def _gloves(self, weeks, rest=2):
        """Return a product that sold ten a week in winter and ``rest`` a week else."""
        category = self.env["product.category"].create({"name": "Gloves"})
        gloves = self.products["gloves"] = self._product("gloves", categ_id=category.id)
        for week in range(weeks):
            month = (TODAY - timedelta(days=7 * week)).month
            times = 10 if month in (11, 12, 1, 2) else rest
            self._sold([gloves], days_ago=7 * week, times=times)
        return gloves

    def _learned(self, product, last_day):
        """Return what is written of the product when that day was the latest one."""
        rows = learning.learn(self.env, self.company, last_day, lambda *_args: {})
        (row,) = (row for row in rows if row["product_id"] == product.id)
        return row

    def test_a_winter_product_is_expected_to_sell_before_winter(self):
        gloves = self._gloves(156)
        july = self._learned(gloves, date(2025, 7, 24))
        october = self._learned(gloves, date(2025, 10, 31))
        january = self._learned(gloves, date(2026, 1, 31))
        self.assertLess(july["season"], 0.6)
        self.assertGreater(october["season"], 1.7)
        self.assertGreater(october["suggested_max"], 2 * july["suggested_max"])
        # The season is taken out of what was sold: after a winter, no winter is expected again.
        self.assertAlmostEqual(january["weekly"], october["weekly"], delta=1)
        self.assertLess(self._learned(gloves, date(2026, 2, 28))["season"], 0.6)

    def test_the_forecast_tells_its_season(self):
        self._stock(self._gloves(156), 20)
        self.forecasts._forecast(self.company)
        row, bread = self._row("gloves"), self._row("bread")
        self.assertTrue(row.has_season)
        self.assertAlmostEqual(row.december / row.july, 5, delta=1)
        self.assertAlmostEqual(row.coming_weekly, row.weekly * row.season, places=1)
        self.assertAlmostEqual(row.coming_weekly, 2, delta=0.7)
        self.assertAlmostEqual(row.cover_days, 140 / row.coming_weekly, delta=1)
        self.assertFalse(bread.has_season)
        self.assertEqual((bread.season, bread.coming_weekly, bread.july), (1, 7, 7))

    def test_less_than_two_years_have_no_season(self):
        gloves = self._gloves(100)
        row = self._learned(gloves, TODAY)
        self.assertEqual((row["season"], row["season_factors"]), (1, None))

    def test_a_product_that_rests_is_not_forgotten_before_its_season(self):
        gloves = self._gloves(156, rest=0)
        october = self._learned(gloves, date(2025, 10, 31))
        self.assertGreater(october["weekly"] * october["season"], 5)

    def test_a_new_product_has_the_season_of_its_category(self):
        mittens = self._product("mittens", categ_id=self._gloves(156).categ_id.id)
        self._sold([mittens], days_ago=7)
        self.assertLess(self._learned(mittens, TODAY)["season"], 0.6)

    def test_rising_sales_raise_the_forecast(self):
        before = self._row("bread").weekly
        for week in range(4):
            self._sold(["bread"], days_ago=7 * week, times=20 * (4 - week))
        self.forecasts._forecast(self.company)
        self.assertGreater(self._row("bread").weekly, before)

    def test_rare_demand_has_its_own_method_and_an_error(self):
        row = self._row("tea")
        self.assertEqual((row.kind, row.method), ("intermittent", "tsb"))
        self.assertTrue(0 < row.weekly < 4)
        self.assertGreater(row.error, 0)

    def test_slow_movers_and_products_that_never_sold(self):
        jam, milk = self._row("jam"), self._row("milk")
        self.assertTrue(jam.is_slow and milk.is_slow)
        self.assertEqual(jam.last_sold_day, TODAY - timedelta(days=120))
        self.assertEqual((milk.kind, milk.weekly, milk.suggested_max), ("none", 0, 0))
        self._stock(self.products["milk"], -10)
        self.forecasts._forecast(self.company)
        self.assertFalse(self._row("milk").is_slow)

    def test_settings_change_the_suggestion(self):
        self.company.write({"retail_lead_days": 14, "retail_safety_days": 0})
        self.forecasts._forecast(self.company)
        self.assertEqual(self._row("bread").suggested_min, 14)

    def test_the_vendors_lead_time_counts(self):
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Baker"}).id,
                "product_tmpl_id": self.products["bread"].product_tmpl_id.id,
                "delay": 20,
            }
        )
        self.forecasts._forecast(self.company)
        row = self._row("bread")
        self.assertEqual((row.lead_days, row.suggested_min), (20, 23))

    def test_returns_and_negative_stock(self):
        self._sold(["bread"], event="returned", times=7)
        self._stock(self.products["bread"], -15)
        self.forecasts._forecast(self.company)
        row = self._row("bread")
        self.assertLess(row.weekly, 7.0)
        self.assertEqual((row.on_hand, row.cover_days), (-5, 0))

    def test_a_place_that_was_never_counted_holds_nothing(self):
        counted = self.env["stock.quant"].search([("product_id", "=", self.products["jam"].id)])
        self.assertTrue(counted)
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE stock_quant SET quantity = NULL WHERE id = ANY(%s)", counted.ids)
        )
        self.env.invalidate_all()
        self.forecasts._forecast(self.company)
        self.assertEqual(self._row("jam").on_hand, 0)

    def test_one_click_writes_the_rule_and_the_second_nothing(self):
        row = self._row("bread").with_user(self.manager)
        self.assertFalse(self._rule("bread"))
        row.action_apply()
        rule = self._rule("bread")
        self.assertRecordValues(
            rule, [{"product_min_qty": 10, "product_max_qty": 17, "trigger": "manual"}]
        )
        row.invalidate_recordset()
        self.assertEqual((row.current_min, row.current_max), (10, 17))
        rule.write({"product_min_qty": 40, "product_max_qty": 50})
        row.action_apply()
        self.assertEqual((rule.product_min_qty, rule.product_max_qty), (10, 17))
        self.assertEqual(self._rule("bread"), rule)

    def test_the_job_never_writes_a_rule(self):
        self._row("bread").action_apply()
        self._sold(["bread"], times=60)
        self.forecasts._forecast(self.company)
        self.assertEqual(self._rule("bread").product_min_qty, 10)

    def test_no_rule_for_what_never_sold(self):
        self._row("milk").action_apply()
        self.assertFalse(self._rule("milk"))

    def test_companies_and_stores_are_kept_apart(self):
        other = self.env["res.company"].create({"name": "Rival"})
        rival = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        rival.is_store = True
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "is_store": True, "company_id": self.company.id}
        )
        self._sold(["bread"], store=rival, times=5)
        self._sold(["bread"], store=second, times=5)
        self.forecasts._forecast(other)
        self.forecasts._forecast(self.company)
        seen = self.forecasts.with_user(self.manager)
        self.assertEqual(seen.search([]).store_id, self.store)
        accountant = self._user("test_forecast_accountant", "retail_crm.group_accountant")
        seen = self.forecasts.with_user(accountant)
        self.assertEqual(seen.search([]).store_id, self.store | second)
        with self.assertRaises(AccessError):
            self._row("bread", second).with_user(self.manager).action_apply()

    def test_only_managers_apply_and_start_and_nobody_writes(self):
        guide = self._user("test_forecast_guide", "retail_crm.group_guide")
        guide.retail_store_ids = self.store
        row = self._row("bread").with_user(guide)
        self.assertAlmostEqual(row.weekly, 7.0)
        self.assertEqual(row.current_min, 0)
        for refused in (row.action_apply, row.action_forecast, row.unlink):
            with self.assertRaises(AccessError):
                refused()
        with trap_jobs() as trap:
            self.forecasts.with_user(self.manager).action_forecast()
            trap.assert_jobs_count(1)
        with self.assertRaises(AccessError):
            self._row("bread").with_user(self.manager).suggested_min = 1

    def test_the_nightly_run_queues_one_job_per_company(self):
        with trap_jobs() as trap:
            self.forecasts._cron_forecast()
            trap.assert_enqueued_job(
                self.forecasts._forecast,
                args=(self.company,),
                properties={"identity_key": f"retail_guide.forecast,{self.company.id}"},
            )

    def test_twice_the_same_and_gone_products_leave(self):
        before = self.forecasts.search([]).ids
        self.forecasts._forecast(self.company)
        self.assertEqual(self.forecasts.search([]).ids, before)
        self.products["bread"].active = False
        self.forecasts._forecast(self.company)
        self.assertFalse(self._row("bread"))

    def test_a_company_without_sales_has_no_forecast(self):
        company = self.env["res.company"].create({"name": "Closed"})
        self.assertEqual(self.forecasts._forecast(company), 0)

    def test_settings_form(self):
        admin = self._user("test_forecast_admin", "base.group_system,retail_crm.group_retail_admin")
        settings = self.env["res.config.settings"].with_user(admin)
        with Form(settings.with_company(self.company)) as form:
            form.retail_safety_days = 5
        form.record.execute()
        self.assertEqual(self.company.retail_safety_days, 5)

    def test_slow_movers_gain_by_the_shops_weight(self):
        self._sold(["bread", "butter"], times=8)
        self._sold(["bread", "jam"], times=7, days_ago=100)
        model = self._learn()
        basket = self.products["bread"].ids
        self.assertEqual(list(self._recommend(basket=basket))[:2], ["butter", "jam"])
        self.forecasts._forecast(self.company)
        model.slow_percent = 100
        self.assertEqual(list(self._recommend(basket=basket))[:2], ["jam", "butter"])
