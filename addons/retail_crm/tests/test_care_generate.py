from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_care import CareCase


@tagged("post_install", "-at_install")
class TestCareGenerate(CareCase):
    def test_silent_member_gets_one_call(self):
        self.assertEqual(self._generate(), 1)
        self.assertRecordValues(
            self._tasks(),
            [
                {
                    "partner_id": self.silent.id,
                    "user_id": self.guide.id,
                    "store_id": self.store.id,
                    "company_id": self.company.id,
                    "form": "call",
                    "state": "assigned",
                    "occasion": "2025-12-02",
                    "due_date": self.TODAY + timedelta(days=3),
                    "tries": 0,
                }
            ],
        )
        self.assertEqual(self._tasks().reason, "No purchase since 12/02/2025.")
        self.assertIn("How was the tea?", self._tasks().script)

    def test_second_run_makes_nothing(self):
        self._generate()
        self.assertEqual(self._generate(), 0)
        self.assertEqual(self._generate(days=5), 0)

    def test_next_silence_is_a_new_occasion(self):
        self._generate()
        self._tasks().write({"result": "will_buy"})
        self._tasks().action_done()
        self._bought(self.silent, 0)
        self.assertEqual(self._generate(days=59), 1, "only Rita's sixty days are over")
        self.assertEqual(self._tasks().partner_id, self.silent | self.recent)
        self.assertEqual(self._generate(days=60), 1)
        self.assertEqual(len(self._tasks()), 3)

    def test_task_is_withdrawn_when_the_member_buys_before_the_call(self):
        begun = self._member("Begun Ben", guide=self.guide)
        self._bought(begun, 90)
        self._generate()
        tasks = {task.partner_id: task for task in self._tasks()}
        tasks[begun].action_start()
        self._bought(self.silent, 0)
        self._bought(begun, 0)
        self._generate()
        self.assertEqual(tasks[self.silent].state, "cancelled")
        self.assertEqual(tasks[self.silent].cancel_reason, "The member has bought again.")
        self.assertEqual(tasks[begun].state, "in_progress")

    def test_limit_day_counts(self):
        edge = self._member("Edge Eddy")
        self._bought(edge, 59)
        self._generate()
        self.assertNotIn(edge, self._tasks().partner_id)
        self._generate(days=1)
        self.assertIn(edge, self._tasks().partner_id)

    def test_a_return_is_no_purchase(self):
        self._bought(self.silent, 5, event="returned")
        self.assertEqual(self._generate(), 1)

    def test_left_out(self):
        for member in (
            self._member("Optout Olga", do_not_contact=True),
            self._member("Guest Gus", is_member=False),
            self._member("Archived Anna", active=False),
            self._member("Foreign Fred", company_id=self.env.ref("base.main_company").id),
        ):
            self._bought(member, 90)
        self._member("Never Nina")
        self._generate()
        self.assertEqual(self._tasks().partner_id, self.silent)

    def test_class_tag_and_store_filters(self):
        parent = self.env["res.partner.category"].create({"name": "Sport"})
        child = self.env["res.partner.category"].create({"name": "Golf", "parent_id": parent.id})
        vip = self.env.ref("retail_crm.class_vip")
        golfer = self._member(
            "Golf Gina", self.store_two, category_id=child.ids, retail_class_id=vip.id
        )
        self._bought(golfer, 90)
        for values in (
            {"tag_ids": parent.ids},
            {"class_ids": vip.ids},
            {"store_ids": self.store_two.ids},
        ):
            strategy = self._strategy(**values)
            self._generate(strategy)
            self.assertEqual(self._tasks(strategy).partner_id, golfer, values)

    def test_assigned_to_guide_then_least_busy_staff_then_owner(self):
        self.env["retail.care.task"].create(
            {"partner_id": self.recent.id, "user_id": self.guide.id, "occasion": "by hand"}
        )
        members = [self._member(f"Guideless {number}") for number in range(5)]
        lost = self._member("Lost Lola", retail_store_id=False)
        for member in [*members, lost]:
            self._bought(member, 70)
        self.env["res.users"].browse(self.manager.id).active = False
        self._generate()
        assignee = {task.partner_id: task.user_id for task in self._tasks()}
        self.assertEqual(assignee[self.silent], self.guide)
        self.assertEqual(assignee[lost], self.head)
        loads = [assignee[member] for member in members]
        # Two open tasks for the first guide, none for the second: 1 and 4 make it even.
        self.assertEqual(loads.count(self.guide), 2)
        self.assertEqual(loads.count(self.guide_two), 3)

    def test_guide_who_left_is_passed_over(self):
        self.guide.active = False
        self._generate()
        self.assertIn(self._tasks().user_id, self.guide_two | self.manager)

    def test_batches_reach_everybody(self):
        for number in range(7):
            self._bought(self._member(f"Batch {number}"), 80)
        run, made = self.env["retail.care.run"]._open(self.strategy, self.TODAY), []
        while run.state != "done":
            made.append(run._step(limit=3))
        self.assertEqual(sum(made), 8)
        self.assertLess(max(made), 6)
        self.assertEqual(run.made_count, 8)

    def test_number_of_queries_does_not_grow_with_members(self):
        for number in range(20):
            self._bought(self._member(f"Many {number}", guide=self.guide), 80)
        self._generate()
        for number in range(40):
            self._bought(self._member(f"More {number}", guide=self.guide), 80)
        self.env.flush_all()
        with self.assertQueryCount(15):
            self._generate()
        self.assertEqual(len(self._tasks()), 61)

    def test_archived_strategy_makes_nothing(self):
        self.strategy.active = False
        with self.assertRaises(UserError):
            self.strategy.action_generate()

    @freeze_time("2026-03-02 04:00:00")
    def test_preview_says_who_and_why_and_makes_nothing(self):
        optout = self._member("Optout Olga", do_not_contact=True)
        self._bought(optout, 100)
        again = self._member("Again Al")
        self._bought(again, 61)
        strategy = self._strategy(store_ids=self.store.ids).with_user(self.manager)
        strategy._generate(self.TODAY - timedelta(days=1))
        self._bought(self.silent, 80)
        action = strategy.action_preview()
        lines = self.env["retail.care.preview"].with_user(self.manager).search(action["domain"])
        outcome = {line.partner_id: line.outcome for line in lines}
        self.assertEqual(
            outcome, {self.silent: "task", again: "has_task", optout: "do_not_contact"}
        )
        silent = lines.filtered(lambda line: line.partner_id == self.silent)
        self.assertEqual(silent.user_id, self.guide)
        self.assertEqual(silent.reason, "No purchase since 12/12/2025.")
        self.assertEqual(len(strategy.sudo().task_ids), 2)
        strategy.action_preview()
        self.assertEqual(
            self.env["retail.care.preview"].search_count([("strategy_id", "=", strategy.id)]), 3
        )

    def test_who_may_change_a_strategy(self):
        own = self._strategy(store_ids=self.store.ids)
        own.with_user(self.manager).days = 30
        for strategy in (self.strategy, self._strategy(store_ids=self.store_two.ids)):
            with self.assertRaises(AccessError):
                strategy.with_user(self.manager).days = 30
            with self.assertRaises(AccessError):
                strategy.with_user(self.manager).action_generate()
            self.assertEqual(strategy.with_user(self.guide).days, 60)
        with self.assertRaises(AccessError):
            self.strategy.with_user(self.guide).action_preview()
        self.strategy.with_user(self.head).days = 45


@tagged("post_install", "-at_install")
class TestCareTwoRuns(CareCase):
    """Two generators in two transactions of the same database."""

    def test_two_runs_at_once_make_no_double(self):
        with self.registry.cursor() as setup_cr:
            env = api.Environment(setup_cr, SUPERUSER_ID, {})
            member = env["res.partner"].create(
                {
                    "name": "Racing Ralph",
                    "phone": "+886912987654",
                    "is_member": True,
                    "retail_consent_phone": True,
                }
            )
            company = env.ref("base.main_company")
            product = env["product.product"].create({"name": "Race", "type": "consu"})
            fact = env["retail.sale.fact"].create(
                {
                    "source_model": "history",
                    "source_line": "race/1",
                    "event": "sold",
                    "basket": "history,race,1",
                    "sold_at": "2024-01-01 00:00:00",
                    "day": "2024-01-01",
                    "company_id": company.id,
                    "partner_id": member.id,
                    "product_id": product.id,
                    "currency_id": company.currency_id.id,
                }
            )
            strategy = env["retail.care.strategy"].create(
                {
                    "name": "Race",
                    "company_id": company.id,
                    "user_id": env.ref("base.user_admin").id,
                    "holdout_percent": 0,
                }
            )
            made_ids = (strategy.id, fact.id, member.id, product.id)
        self.addCleanup(self._remove, *made_ids)
        with self.registry.cursor() as first_cr, self.registry.cursor() as second_cr:
            first, second = (
                api.Environment(cr, SUPERUSER_ID, {})["retail.care.strategy"].browse(strategy.id)
                for cr in (first_cr, second_cr)
            )
            # Takes its snapshot.
            found = second._candidates(self.TODAY)
            self.assertEqual([row["partner_id"] for row in found], [member.id])
            self.assertEqual(first._generate(self.TODAY), 1)
            first_cr.commit()
            with self.assertRaises(SerializationFailure):
                second._generate(self.TODAY)
            second_cr.rollback()
            self.assertEqual(second._generate(self.TODAY), 0)
            self.assertEqual(len(second.task_ids), 1)
            second_cr.commit()

    def _remove(self, strategy_id, fact_id, member_id, product_id):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            strategy = env["retail.care.strategy"].browse(strategy_id)
            strategy.task_ids.unlink()
            strategy.unlink()
            env["retail.sale.fact"].browse(fact_id).unlink()
            env["res.partner"].browse(member_id).unlink()
            env["product.product"].browse(product_id).product_tmpl_id.unlink()
