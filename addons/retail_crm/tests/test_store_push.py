from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_service import ServiceCase


@tagged("post_install", "-at_install")
class TestStorePush(ServiceCase):
    """Head office sends work to stores and sees who did it, with proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.context_today(cls.env["retail.store.push"])
        cls.push = cls._push()

    @classmethod
    def _push(cls, **values):
        stores = cls.store | cls.store_two
        return (
            cls.env["retail.store.push"]
            .with_user(cls.head)
            .create(
                {
                    "name": "Put up the posters",
                    "instruction": "<p>Two in the window.</p>",
                    "due_date": cls.today + timedelta(days=3),
                    "store_ids": [Command.set(stores.ids)],
                    "company_id": cls.company.id,
                    **values,
                }
            )
        )

    def _task(self, push=None, store=None, user=None):
        tasks = (push or self.push).task_ids
        task = tasks.filtered(lambda task: task.store_id == (store or self.store))
        return task.with_user(user or self.manager)

    def _prove(self, task, name="window.png"):
        """Upload a picture to the task as the screen does."""
        file = (
            self.env["ir.attachment"]
            .with_user(task.env.user)
            .create({"name": name, "raw": b"png", "res_model": task._name, "res_id": task.id})
        )
        task.attachment_ids = [Command.link(file.id)]
        return file

    # === SENDING === #

    def test_each_store_gets_one_task_of_its_manager(self):
        self.push.action_send()
        owners = {task.store_id: task.user_id for task in self.push.task_ids}
        self.assertEqual(owners, {self.store: self.manager, self.store_two: self.manager_two})
        self.assertEqual(self.push.task_ids.mapped("due_date"), [self.push.due_date] * 2)

    def test_it_goes_to_the_guide_with_least_to_do_who_is_there(self):
        self.env["retail.care.absence"].create(
            {
                "user_id": self.guide.id,
                "date_from": self.today,
                "date_to": self.today,
            }
        )
        push = self._push(give_to="guide")
        push.action_send()
        self.assertEqual(self._task(push).user_id, self.guide_two)
        # The other store has no guide but its manager.
        self.assertEqual(self._task(push, self.store_two).user_id, self.manager_two)

    # === LEAVE === #

    def _away(self, user, **values):
        return self.env["retail.care.absence"].create(
            {
                "user_id": user.id,
                "date_from": self.today,
                "date_to": self.today + timedelta(days=5),
                **values,
            }
        )

    def test_leave_hands_over_to_who_stands_in(self):
        self.push.action_send()
        absence = self._away(self.manager, substitute_id=self.guide_two.id)
        task = self._task().sudo()
        self.assertEqual((task.user_id, absence.handed_count), (self.guide_two, 1))
        self.assertIn("Handed over", " ".join(task.message_ids.mapped("preview")))
        self.assertEqual(self._task(store=self.store_two).sudo().user_id, self.manager_two)

    def test_leave_hands_over_to_who_works_in_the_store(self):
        push = self._push(give_to="guide")
        push.action_send()
        task = self._task(push).sudo()
        away = task.user_id
        self.assertIn(away, self.guide | self.guide_two)
        self._away(away, substitute_id=self.manager_two.id)
        self.assertEqual(task.user_id, (self.guide | self.guide_two) - away)
        self._away(task.user_id)
        self.assertEqual(task.user_id, self.manager)

    def test_leave_of_the_only_one_there_leaves_the_task(self):
        self.push.action_send()
        absence = self._away(self.manager_two)
        task = self._task(store=self.store_two).sudo()
        self.assertEqual((task.user_id, absence.handed_count), (self.manager_two, 0))

    def test_leave_leaves_what_is_due_later_and_what_is_done(self):
        later = self._push(due_date=self.today + timedelta(days=9))
        (self.push | later).action_send()
        self._prove(self._task())
        self._task().action_done()
        self._away(self.manager)
        owners = (self._task() | self._task(later)).sudo().mapped("user_id")
        self.assertEqual(owners, self.manager)

    def test_who_gets_it_is_told(self):
        self.push.action_send()
        about = [("model", "=", "retail.store.task"), ("res_id", "=", self._task().id)]
        told = self.env["mail.message"].search(about).partner_ids
        self.assertIn(self.manager.partner_id, told)

    def test_a_store_without_staff_is_named(self):
        empty = self._store("Empty", "EMP")
        push = self._push(store_ids=[Command.set(empty.ids)])
        action = push.action_send()
        self.assertIn("Empty", action["params"]["message"])
        self.assertFalse(push.task_ids.user_id)

    def test_sending_needs_stores_and_a_day_to_come(self):
        with self.assertRaises(ValidationError):
            self._push(store_ids=False).action_send()
        with self.assertRaisesRegex(UserError, "in the past"):
            self._push(due_date=self.today - timedelta(days=1)).action_send()
        self.push.action_send()
        with self.assertRaisesRegex(UserError, "sent already"):
            self.push.action_send()

    def test_stores_are_added_and_taken_out_later(self):
        push = self._push(store_ids=[Command.set(self.store.ids)])
        push.action_send()
        push.store_ids = [Command.set(self.store_two.ids)]
        states = {task.store_id: task.state for task in push.task_ids}
        self.assertEqual(states, {self.store: "cancelled", self.store_two: "todo"})
        push.store_ids = [Command.set((self.store | self.store_two).ids)]
        self.assertEqual(push.task_ids.mapped("state"), ["todo", "todo"])

    def test_what_was_sent_is_not_deleted(self):
        self.push.action_send()
        with self.assertRaises(UserError):
            self.push.unlink()
        self.push.action_cancel()
        self.assertEqual(self.push.task_ids.mapped("state"), ["cancelled", "cancelled"])

    # === PROOF === #

    def test_done_needs_the_proof_that_is_asked_for(self):
        push = self._push(needs_note=True, needs_number=True, number_label="posters put up")
        push.action_send()
        task = self._task(push)
        with self.assertRaises(ValidationError) as refused:
            task.action_done()
        self.assertIn("a photo or file, a note, posters put up", str(refused.exception))
        self._prove(task)
        task.write({"note": "Both hang.", "number": 2})
        task.action_done()
        self.assertEqual((task.state, task.done_by_id), ("done", self.manager))

    def test_proof_stays_as_it_was_shown(self):
        self.push.action_send()
        task = self._task()
        file = self._prove(task)
        task.action_done()
        with self.assertRaises(UserError):
            task.note = "Later words"
        with self.assertRaises(UserError):
            file.unlink()

    def test_the_push_is_done_with_its_last_task_and_open_when_one_comes_back(self):
        self.push.action_send()
        first, second = self._task(), self._task(store=self.store_two, user=self.manager_two)
        self._prove(first)
        first.action_done()
        self.assertEqual((self.push.state, self.push.done_percent), ("sent", 50))
        self._prove(second)
        second.action_done()
        self.push.invalidate_recordset()
        self.assertEqual((self.push.state, self.push.done_count), ("done", 2))
        back = first.with_user(self.head)
        with self.assertRaisesRegex(UserError, "Write what is missing"):
            back.action_send_back()
        back.back_reason = "The window can't be seen."
        back.action_send_back()
        self.assertEqual((self.push.state, first.state, first.back_count), ("sent", "todo", 1))
        message = self.env["mail.message"].search([("body", "like", "window can't be seen")])
        self.assertIn(self.manager.partner_id, message.partner_ids)

    # === THE CLOCK === #

    def test_late_stores_are_reminded_then_their_managers(self):
        push = self._push(give_to="guide")
        push.action_send()
        push.task_ids.filtered(lambda task: task.store_id == self.store_two)._cancel("Closed")
        self.company.retail_care_escalate_days = 2
        task = self._task(push).sudo()
        task.due_date = self.today - timedelta(days=1)
        self.env["retail.store.task"]._cron_remind()
        push.invalidate_recordset()
        self.assertEqual((task.reminded, push.late_count), (1, 1))
        task.due_date = self.today - timedelta(days=5)
        self.env["retail.store.task"]._cron_remind()
        self.assertEqual(task.reminded, 2)
        subjects = self.env["mail.message"].search(
            [("partner_ids", "in", self.manager.partner_id.ids)]
        )
        self.assertIn("Tasks of your store are overdue", subjects.mapped("subject"))
        push.due_date = self.today + timedelta(days=9)
        self.assertEqual((task.reminded, task.is_overdue), (0, False))

    # === ROLES === #

    def test_managers_see_their_store_and_guides_their_own(self):
        self.push.action_send()
        task = self.env["retail.store.task"]
        self.assertEqual(task.with_user(self.manager).search([]), self._task())
        self.assertFalse(task.with_user(self.guide).search([]))
        self._task().user_id = self.guide
        self.assertEqual(task.with_user(self.guide).search([]), self._task())
        self.assertEqual(len(task.with_user(self.head).search([])), 2)
        # The figures of a manager are those of the own store.
        self.assertEqual(self.push.with_user(self.manager).task_count, 1)

    def test_drafts_are_head_offices(self):
        pushes = self.env["retail.store.push"]
        self.assertFalse(pushes.with_user(self.manager).search([]))
        with self.assertRaises(AccessError):
            self.push.with_user(self.manager).action_send()
        self.push.action_send()
        self.assertEqual(pushes.with_user(self.manager).search([]), self.push)
        self.assertFalse(pushes.with_user(self.guide).search([]))
        with self.assertRaises(AccessError):
            self.push.with_user(self.manager).name = "Mine"

    def test_a_store_changes_its_proof_only(self):
        self.push.action_send()
        task = self._task()
        for values in ({"state": "done"}, {"back_count": 0}, {"store_id": self.store_two.id}):
            with self.assertRaises(AccessError):
                task.write(values)
        task.user_id = self.guide
        mine = task.with_user(self.guide)
        mine.note = "On it."
        with self.assertRaises(AccessError):
            mine.user_id = self.guide_two
        with self.assertRaisesRegex(ValidationError, "doesn't work in"):
            task.user_id = self.manager_two

    def test_a_guide_ends_the_own_task(self):
        self.push.action_send()
        task = self._task()
        task.user_id = self.guide
        mine = task.with_user(self.guide)
        self._prove(mine)
        mine.action_done()
        self.assertEqual(mine.done_by_id, self.guide)

    def test_my_work_counts_it(self):
        self.push.action_send()
        figures = self.env["retail.care.task"].with_user(self.manager).my_work()
        figure = next(figure for figure in figures if figure["name"] == "stores")
        self.assertEqual(figure["value"], "1")

    def test_another_company_sees_nothing(self):
        self.push.action_send()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._user("push_stranger", "role_admin")
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        for model in ("retail.store.push", "retail.store.task"):
            theirs = self.env[model].with_user(stranger).with_context(allowed_company_ids=other.ids)
            self.assertFalse(theirs.search([]))
