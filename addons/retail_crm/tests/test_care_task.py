from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_service import ServiceCase


@tagged("post_install", "-at_install")
class TestCareTask(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls._member("Silent Sam", guide=cls.guide)
        cls.strategy = cls.env["retail.care.strategy"].create(
            {"name": "Silent", "company_id": cls.company.id, "max_tries": 2, "retry_days": 4}
        )
        cls.today = fields.Date.context_today(cls.strategy)

    def _task(self, user=True, **values):
        user = self.guide if user is True else user
        return self.env["retail.care.task"].create(
            {
                "strategy_id": self.strategy.id,
                "partner_id": self.member.id,
                "user_id": user.id if user else False,
                "store_id": self.store.id,
                "company_id": self.company.id,
                "occasion": str(self.env["retail.care.task"].search_count([])),
                **values,
            }
        )

    def test_life_of_a_call(self):
        task = self._task().with_user(self.guide)
        self.assertEqual(task.state, "assigned")
        task.action_start()
        self.assertEqual(task.state, "in_progress")
        with self.assertRaises(ValidationError):
            task.action_done()
        self.env.invalidate_all()
        task.result = "will_buy"
        task.action_done()
        self.assertEqual(task.state, "done")
        self.assertTrue(task.done_at)

    def test_done_without_result_is_refused_by_rpc_too(self):
        task = self._task().with_user(self.guide)
        with self.assertRaises(ValidationError):
            task.write({"state": "done"})

    def test_closed_task_keeps_what_it_says(self):
        task = self._task(result="bought")
        task.action_done()
        for values in ({"result": "unhappy"}, {"user_id": self.guide_two.id}):
            with self.assertRaises(UserError):
                task.write(values)
        for state in ("assigned", "in_progress", "cancelled", "not_reached"):
            with self.assertRaises(UserError):
                task.write({"state": state})
        task.result_note = "Called back to say thanks."

    def test_create_starts_open(self):
        task = self._task(state="done")
        self.assertEqual(task.state, "assigned")
        self.assertEqual(self._task(user=None).state, "planned")

    def test_not_reached_plans_again_until_the_tries_are_used(self):
        task = self._task().with_user(self.guide)
        task.action_not_reached()
        self.assertRecordValues(
            task,
            [{"state": "assigned", "tries": 1, "due_date": self.today + timedelta(days=4)}],
        )
        task.action_not_reached()
        self.assertRecordValues(task, [{"state": "not_reached", "tries": 2}])
        with self.assertRaises(UserError):
            task.action_not_reached()
        task.action_replan()
        self.assertRecordValues(task, [{"state": "assigned", "tries": 0, "due_date": self.today}])

    def test_not_reached_takes_the_date_given(self):
        task = self._task(next_date=self.today + timedelta(days=9))
        task.action_not_reached()
        self.assertEqual(task.due_date, self.today + timedelta(days=9))
        self.assertFalse(task.next_date)
        task = self._task(next_date=self.today)
        with self.assertRaises(UserError):
            task.action_not_reached()

    def test_next_date_makes_the_task_that_follows(self):
        day = self.today + timedelta(days=30)
        task = self._task(result="will_buy", next_date=day)
        task.action_done()
        follow = self.env["retail.care.task"].search([("previous_id", "=", task.id)])
        self.assertRecordValues(
            follow,
            [
                {
                    "partner_id": self.member.id,
                    "user_id": self.guide.id,
                    "due_date": day,
                    "state": "assigned",
                    "result": False,
                    "reason": "Agreed at the contact before.",
                }
            ],
        )
        self.assertNotEqual(follow.occasion, task.occasion)

    def test_cancel_needs_a_reason(self):
        task = self._task()
        with self.assertRaises(ValidationError):
            task.action_cancel()
        self.env.invalidate_all()
        task.cancel_reason = "Moved abroad"
        task.action_cancel()
        self.assertEqual(task.state, "cancelled")

    def test_opting_out_cancels_open_tasks_and_forbids_new_ones(self):
        task, done = self._task(), self._task(result="bought")
        done.action_done()
        self.member.with_user(self.guide).do_not_contact = True
        self.assertEqual(task.state, "cancelled")
        self.assertTrue(task.cancel_reason)
        self.assertEqual(done.state, "done")
        with self.assertRaises(ValidationError):
            self._task()

    def test_overdue(self):
        late = self._task(due_date=self.today - timedelta(days=1))
        now = self._task(due_date=self.today)
        done = self._task(due_date=self.today - timedelta(days=1), result="bought")
        done.action_done()
        tasks = late | now | done
        self.assertEqual(tasks.mapped("is_overdue"), [True, False, False])
        search = self.env["retail.care.task"].search
        inside = [("id", "in", tasks.ids)]
        self.assertEqual(search([("is_overdue", "=", True), *inside]), late)
        self.assertEqual(search([("is_overdue", "=", False), *inside]), (now | done).sorted())

    def test_one_task_per_occasion(self):
        self._task(occasion="once")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._task(occasion="once")

    def test_hand_over(self):
        task = self._task()
        task.with_user(self.guide).user_id = self.guide_two
        self.assertEqual(task.state, "assigned")
        task.user_id = False
        self.assertEqual(task.state, "planned")

    def test_form_of_a_guide(self):
        with Form(self.env["retail.care.task"].with_user(self.guide)) as form:
            form.partner_id = self.member
            form.result = "pleased"
        task = form.record
        self.assertEqual(task.user_id, self.guide)
        self.assertEqual(task.store_id, self.store)
        self.assertEqual(task.state, "assigned")

    def test_who_sees_which_tasks(self):
        mine, other = self._task(), self._task(user=self.guide_two)
        far = self._task(user=self.manager_two, store_id=self.store_two.id)
        tasks = mine | other | far
        seen = {
            self.guide: mine,
            self.manager: mine | other,
            self.manager_two: far,
            self.agent: self.env["retail.care.task"],
            self.head: tasks,
        }
        for user, expected in seen.items():
            found = self.env["retail.care.task"].with_user(user).search([("id", "in", tasks.ids)])
            self.assertEqual(found.sudo(), expected.sorted(), user.login)
        with self.assertRaises(AccessError):
            self.env["retail.care.task"].with_user(self.cashier).search([])
        with self.assertRaises(AccessError):
            mine.with_user(self.manager).unlink()
        self.assertEqual(self.member.with_user(self.guide).retail_care_task_count, 1)

    def test_other_company_sees_nothing(self):
        task = self._task()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.head.write({"company_ids": [(4, other.id)]})
        env = self.env(user=self.head, context={"allowed_company_ids": other.ids})
        self.assertFalse(env["retail.care.task"].search([("id", "=", task.id)]))
        self.assertFalse(env["retail.care.strategy"].search([("id", "=", self.strategy.id)]))

    def test_figures_of_the_day_count_what_they_open(self):
        self._task(due_date=self.today - timedelta(days=1))
        self._task(due_date=self.today)
        self._task(due_date=self.today + timedelta(days=9))
        self._task(user=self.guide_two, due_date=self.today)
        tasks = self.env["retail.care.task"].with_user(self.guide)
        figures = {figure["name"]: figure for figure in tasks.my_work()}
        values = {name: figure["value"] for name, figure in figures.items()}
        self.assertEqual((values["due"], values["late"], values["open"]), ("1", "1", "3"))
        self.assertTrue(figures["late"]["alarm"])
        for name, figure in figures.items():
            if name != "sales":
                action = figure["action"]
                found = tasks.env[action["res_model"]].search_count(action["domain"])
                self.assertEqual(str(found), figure["value"], name)
