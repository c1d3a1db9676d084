import threading
from datetime import timedelta

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import GuideCase


@tagged("post_install", "-at_install")
class TestLearning(GuideCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._sold(["bread", "butter"], times=6, days_ago=10, partner=cls.member)
        cls._sold(["bread", "jam"], times=3, days_ago=9)
        cls._sold(["bread"], days_ago=8)
        cls._sold(["bread", "bread"][:1], days_ago=8)

    def _pairs(self, company=None):
        rows = self.env["retail.recommendation.neighbour"].search(
            [("company_id", "=", (company or self.company).id)]
        )
        return {
            (row.product_id.name, row.neighbour_id.name): (
                row.basket_count,
                row.product_count,
                row.neighbour_count,
                row.rank,
            )
            for row in rows
        }

    def test_counts_and_measures_are_exact(self):
        self._learn()
        self.assertEqual(
            self._pairs(),
            {
                ("bread", "butter"): (6, 11, 6, 1),
                ("bread", "jam"): (3, 11, 3, 2),
                ("butter", "bread"): (6, 6, 11, 1),
                ("jam", "bread"): (3, 3, 11, 1),
            },
        )
        row = self.env["retail.recommendation.neighbour"].search(
            [("product_id", "=", self.products["bread"].id), ("rank", "=", 1)]
        )
        self.assertAlmostEqual(row.support, 6 / 11, 5)
        self.assertAlmostEqual(row.confidence, 6 / 11, 4)
        self.assertAlmostEqual(row.lift, 1.0, 3)
        self.assertAlmostEqual(row.cosine, 6 / (11 * 6) ** 0.5, 4)

    def test_figures_of_the_run(self):
        model = self._learn()
        self.assertRecordValues(
            model,
            [
                {
                    "state": "learned",
                    "mode": "full",
                    "basket_count": 11,
                    "product_count": 3,
                    "neighbour_count": 4,
                    "fact_count": 20,
                }
            ],
        )
        self.assertTrue(model.counts_id and model.tastes_id and model.learned_at)

    def test_an_increment_equals_learning_anew(self):
        model = self._learn()
        self._sold(["butter", "jam"], times=4)
        self._sold(["bread", "butter", "tea"], times=2)
        model._learn()
        self.assertEqual(model.mode, "increment")
        grown = self._pairs()
        model._learn(full=True)
        self.assertEqual(model.mode, "full")
        self.assertEqual(grown, self._pairs())
        self.assertEqual(model.basket_count, 17)

    def test_a_basket_that_gets_a_line_later_counts_once(self):
        model = self._learn()
        fact = self.env["retail.sale.fact"].search([("company_id", "=", self.company.id)], limit=1)
        values = fact.read(["basket", "day", "sold_at"], load=False)[0]
        self.env["retail.sale.fact"]._upsert(
            [
                {
                    "source_model": "test",
                    "source_line": "late",
                    "event": "sold",
                    "basket": values["basket"],
                    "day": values["day"],
                    "sold_at": values["sold_at"],
                    "company_id": self.company.id,
                    "product_id": self.products["tea"].id,
                    "currency_id": self.company.currency_id.id,
                    "qty": 1,
                }
            ]
        )
        model._learn()
        self.assertEqual((model.mode, model.basket_count), ("increment", 11))
        grown = self._pairs()
        model._learn(full=True)
        self.assertEqual(grown, self._pairs())

    def test_nothing_new_learns_and_writes_nothing(self):
        model = self._learn()
        learned_at = model.learned_at
        self.assertEqual(model._learn(), "unchanged")
        self.assertEqual(model.learned_at, learned_at)

    def test_changed_sales_are_learned_anew(self):
        model = self._learn()
        self.env["retail.sale.fact"].search(
            [("product_id", "=", self.products["jam"].id)], limit=1
        ).unlink()
        self._sold(["milk"])
        self.assertEqual(model._learn(), "full")
        self.assertEqual(self._pairs()[("bread", "jam")][0], 2)

    def test_damaged_counts_are_learned_anew(self):
        model = self._learn()
        model.counts_id.raw = b"no counts"
        self._sold(["milk", "tea"], times=2)
        with self.assertLogs("odoo.addons.retail_guide", "WARNING"):
            self.assertEqual(model._learn(), "full")

    def test_a_week_later_all_is_learned_anew(self):
        model = self._learn()
        model.last_full_at -= timedelta(days=7)
        self._sold(["milk", "tea"], times=2)
        self.assertEqual(model._learn(), "full")

    def test_a_company_without_sales(self):
        company = self.env["res.company"].create({"name": "Closed"})
        model = self.env["retail.recommendation.model"]._of_company(company)
        self.assertEqual(model._learn(), "unchanged")
        self.assertEqual(model.state, "new")

    def test_returns_only_teach_nothing(self):
        company = self.env["res.company"].create({"name": "Returns"})
        store = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        self._sold(["bread", "jam"], store=store, event="returned", times=5)
        self._learn(company)
        self.assertFalse(self._pairs(company))

    def test_companies_learn_apart(self):
        company = self.env["res.company"].create({"name": "Rival"})
        store = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        self._sold(["tea", "milk"], store=store, times=5)
        self._learn()
        self._learn(company)
        self.assertEqual(set(self._pairs(company)), {("tea", "milk"), ("milk", "tea")})
        self.assertNotIn(("tea", "milk"), self._pairs())

    def test_popularity_per_store_leans_on_the_company(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SEC", "is_store": True, "company_id": self.company.id}
        )
        self._sold(["milk"], store=second, times=2)
        self._learn()
        popular = self.env["retail.recommendation.popularity"]
        first = popular.search([("store_id", "=", self.store.id)], limit=1)
        self.assertEqual(first.product_id, self.products["bread"])
        shares = {
            row.product_id.name: (row.basket_count, row.share)
            for row in popular.search([("store_id", "=", second.id)])
        }
        self.assertEqual(shares["milk"][0], 2)
        self.assertAlmostEqual(shares["milk"][1], (2 + 300 * 2 / 13) / 302, 5)
        self.assertAlmostEqual(shares["bread"][1], (0 + 300 * 11 / 13) / 302, 5)

    def test_quality_is_measured_on_the_latest_baskets(self):
        for age in range(40, 0, -1):
            self._sold(["tea", "milk", "jam", "butter"], days_ago=age, times=2)
        model = self._learn(full=True)
        self.assertGreater(model.tested_baskets, 0)
        self.assertGreater(model.recall, 0)
        self.assertGreater(model.coverage, 0)

    def test_a_run_worse_than_popularity_is_not_published(self):
        model = self._learn()
        before, learned_at = self._pairs(), model.learned_at
        popular = [self._product(f"popular {number}") for number in range(10)]
        asked = [self._product(f"asked {number}") for number in range(2)]
        misled = [self._product(f"misled {number}") for number in range(12)]
        for product in popular:
            self._sold([product], times=30, days_ago=5)
        self._sold([*asked, *misled], times=30, days_ago=5)
        self._sold([*popular[:2], *asked], times=25)
        with self.assertLogs("odoo.addons.retail_guide", "WARNING"):
            self.assertEqual(model._learn(full=True), "refused")
        self.assertEqual(model.state, "refused")
        self.assertLess(model.recall, model.popularity_recall)
        self.assertEqual((self._pairs(), model.learned_at), (before, learned_at))
        first = self.env["retail.recommendation.popularity"].search(
            [("store_id", "=", self.store.id)], limit=1
        )
        self.assertIn(first.product_id, popular)

    def test_the_nightly_run_queues_one_job_per_company(self):
        company = self.env["res.company"].create({"name": "Rival"})
        store = self.env["stock.warehouse"].search([("company_id", "=", company.id)])
        self._sold(["tea"], store=store)
        models = self.env["retail.recommendation.model"]
        with trap_jobs() as trap:
            models._cron_learn()
            for owner in self.company | company:
                trap.assert_enqueued_job(
                    models._of_company(owner)._learn,
                    kwargs={"full": False},
                    properties={"identity_key": f"retail_guide.learn,{owner.id}"},
                )

    def test_a_second_learner_of_the_company_waits(self):
        model = self.env["retail.recommendation.model"]._of_company(self.company)
        locked, done = threading.Event(), threading.Event()

        def hold():
            with self.registry.cursor() as cr:
                cr.execute(
                    "SELECT pg_advisory_xact_lock(hashtext('retail_guide.learn'), %s)",
                    [self.company.id],
                )
                locked.set()
                done.wait(10)

        other = threading.Thread(target=hold)
        other.start()
        try:
            locked.wait(10)
            with self.assertRaises(RetryableJobError):
                model._learn()
        finally:
            done.set()
            other.join()

    def test_roles(self):
        model = self._learn()
        manager = self._user("test_learning_manager", "retail_crm.group_store_manager")
        self.assertEqual(model.with_user(manager).basket_count, 11)
        with trap_jobs() as trap:
            model.with_user(manager).action_learn()
            trap.assert_jobs_count(1)
        with self.assertRaises(AccessError):
            model.with_user(manager).holdout_percent = 10
        guide = self._user("test_learning_guide", "retail_crm.group_guide")
        with self.assertRaises(AccessError):
            model.with_user(guide).read(["basket_count"])
        admin = self._user("test_learning_admin", "retail_crm.group_retail_admin")
        with trap_jobs() as trap:
            model.with_user(admin).action_learn_anew()
            trap.assert_jobs_count(1)
        for name in ("neighbour", "popularity"):
            rows = self.env[f"retail.recommendation.{name}"].with_user(guide).search([])
            self.assertTrue(rows)
            with self.assertRaises(AccessError):
                rows.unlink()

    def test_deleting_the_row_takes_what_was_published_with_it(self):
        model = self._learn()
        attachments = model.counts_id | model.tastes_id
        model.unlink()
        self.assertFalse(self._pairs())
        self.assertFalse(attachments.exists())
