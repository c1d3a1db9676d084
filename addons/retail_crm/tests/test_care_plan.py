from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common_care import CareCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestCarePlan(CareCase):
    """Who gets what, and who gets nothing and why."""

    def _members(self, count, **values):
        members = self.env["res.partner"]
        for _number in range(count):
            member = self._member(f"Planned {self._phones}", **values)
            self._bought(member, 80)
            members |= member
        return members

    def test_vip_gets_another_template(self):
        vip = self.env.ref("retail_crm.class_vip")
        self.silent.retail_class_id = vip
        other = self._members(1)
        strategy = self._strategy([self._mail_plan(class_ids=vip.ids), {"form": "call"}])
        self._generate(strategy)
        forms = {task.partner_id: task.form for task in strategy.task_ids}
        self.assertEqual(forms, {self.silent: "mail", other: "call"})

    def test_halves_are_halves(self):
        self._members(9)
        strategy = self._strategy(
            [{"form": "call", "variant": "A"}, {"form": "visit", "variant": "B"}]
        )
        self._generate(strategy)
        self.assertEqual(sorted(strategy.task_ids.mapped("variant")), ["A"] * 5 + ["B"] * 5)

    def test_shares_hold_over_many_small_runs(self):
        strategy = self._strategy(
            [
                {"form": "call", "variant": "A", "share": 75},
                {"form": "visit", "variant": "B", "share": 25},
            ]
        )
        for _day in range(8):
            self._members(1)
            self._generate(strategy)
        variants = strategy.task_ids.mapped("variant")
        self.assertEqual((variants.count("A"), variants.count("B")), (7, 2))

    def test_variants_need_names_of_their_own(self):
        with self.assertRaisesRegex(ValidationError, "for the same members"):
            self._strategy([{"form": "call"}, {"form": "visit"}])
        with self.assertRaisesRegex(ValidationError, "add a line"):
            self.strategy.plan_ids = False

    def test_held_out_stays_held_out(self):
        members = self._members(30)
        strategy = self._strategy(holdout_percent=50)
        self._generate(strategy)
        out = {partner for partner, reason in self._held(strategy).items() if reason == "holdout"}
        cared = strategy.task_ids.partner_id
        self.assertEqual(len(out) + len(cared), 31)
        self.assertTrue(5 < len(out) < 26, len(out))
        strategy.holdout_percent = 0
        self.assertEqual(self._generate(strategy), 0, "who was held out doesn't get it later")
        self.assertEqual(members & cared, members - self.env["res.partner"].union(*out))

    def test_same_draw_in_dry_run_and_run(self):
        self._members(12)
        plan = [{"form": "call", "variant": "A"}, {"form": "visit", "variant": "B"}]
        strategy = self._strategy(plan, holdout_percent=30)
        strategy.action_preview()
        lines = self.env["retail.care.preview"].search([("strategy_id", "=", strategy.id)])
        told = {line.partner_id: line.plan_id for line in lines if line.outcome == "task"}
        self.assertFalse(strategy.task_ids)
        strategy._generate()
        self.assertEqual({task.partner_id: task.plan_id for task in strategy.task_ids}, told)

    def test_ways_that_are_closed(self):
        cases = {
            "no_consent": {"retail_consent_mail": False},
            "no_address": {"email": False},
            "do_not_contact": {"do_not_contact": True},
        }
        expected = {}
        for reason, values in cases.items():
            member = self._member(f"Closed {reason}", **values)
            self._bought(member, 80)
            expected[member] = reason
        blocked = self._members(1)
        self.env["mail.blacklist"]._add(blocked.email)
        expected[blocked] = "no_consent"
        strategy = self._strategy([self._mail_plan()])
        self._generate(strategy)
        self.assertEqual(self._held(strategy), expected)
        self.assertEqual(strategy.task_ids.partner_id, self.silent)

    def test_member_without_phone_and_mail(self):
        nobody = self._member("Nobody Known", phone="+886912000111")
        self._bought(nobody, 80)
        nobody.flush_recordset()
        self.env.cr.execute(
            "UPDATE res_partner SET phone = NULL, email = NULL, email_normalized = NULL"
            " WHERE id = %s",
            [nobody.id],
        )
        nobody.invalidate_recordset()
        for plan in ({"form": "call"}, self._mail_plan(), self._sms_plan(), {"form": "letter"}):
            strategy = self._strategy([plan])
            self._generate(strategy)
            self.assertEqual(self._held(strategy)[nobody], "no_address", plan["form"])
        visit = self._strategy([{"form": "visit"}], respects_cap=False)
        self._generate(visit)
        self.assertIn(nobody, visit.task_ids.partner_id)

    def test_nobody_is_held_back_any_more_once_agreed(self):
        self.silent.retail_consent_phone = False
        self._generate()
        self.assertEqual(self._held(), {self.silent: "no_consent"})
        self.silent.retail_consent_phone = True
        self.assertEqual(self._generate(days=1), 1)
        self.assertFalse(self._held())

    def test_frequency_counts_all_ways(self):
        self.company.write({"retail_care_cap_count": 2, "retail_care_cap_days": 30})
        method = self.env.ref("retail_crm.communication_method_chat")
        self.env["retail.communication"].create(
            {
                "partner_id": self.silent.id,
                "method_id": method.id,
                "date": fields.Datetime.now(),
                "subject": "Tea",
                "content": "Asked about tea.",
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._generate(), 1, "one contact so far")
        second = self._strategy([self._sms_plan()], name="Second of the day")
        self._generate(second)
        self.assertEqual(self._held(second), {self.silent: "capped"})
        wish = self._strategy([{"form": "letter"}], respects_cap=False)
        self.silent.street = "1 Tea Road"
        self.assertEqual(self._generate(wish), 1)
        self.assertEqual(self._generate(second, days=40), 0, "the call is still to come")
        self._tasks().write({"result": "pleased"})
        self._tasks().action_done()
        wish.task_ids._cancel("Lost")
        self.assertEqual(self._generate(second, days=40), 1)

    def test_two_strategies_on_one_day_are_two_tasks(self):
        second = self._strategy([{"form": "visit"}], name="Another")
        self._generate()
        self._generate(second)
        tasks = self.env["retail.care.task"].search([("partner_id", "=", self.silent.id)])
        self.assertEqual(tasks.strategy_id, self.strategy | second)

    def test_jobs_run_one_strategy_after_the_other(self):
        """The first of the order has its turn when a member may be contacted once only."""
        self.company.write({"retail_care_cap_count": 1})
        first = self._strategy([{"form": "visit"}], sequence=1)
        self.env["retail.care.strategy"].search(
            [("id", "not in", (first | self.strategy).ids)]
        ).active = False
        runs = self.env["retail.care.run"]
        runs._cron_start()
        while run := runs._next_run(self.company):
            run._job_step()
        self.assertEqual(first.task_ids.partner_id, self.silent)
        self.assertEqual(self._held(), {self.silent: "capped"})

    def test_one_bad_strategy_leaves_the_others_alone(self):
        bad = self._strategy(sequence=1)
        self.patch(type(bad), "_occasion_sql_birthday", lambda strategy, day: 1 / 0)
        bad.write({"trigger": "birthday"})
        runs = self.env["retail.care.run"]
        runs._cron_start()
        while run := runs._next_run(self.company):
            run._job_step()
        states = {
            run.strategy_id: run.state
            for run in runs.search([("company_id", "=", self.company.id)])
        }
        self.assertEqual(states[bad], "failed")
        self.assertEqual(states[self.strategy], "done")

    def test_deleted_template_holds_back(self):
        template = self.env.ref("retail_crm.care_mail_come_back").copy()
        strategy = self._strategy([self._mail_plan(mail_template_id=template.id)])
        template.unlink()
        strategy.invalidate_recordset()
        self.assertTrue(strategy.has_gap)
        self._generate(strategy)
        self.assertEqual(self._held(strategy), {self.silent: "no_template"})
        with self.assertRaisesRegex(ValidationError, "no template"):
            strategy.plan_ids.form = "sms"

    def test_turns_and_care_group(self):
        self._members(3)
        team = (self.guide | self.guide_two).ids
        strategy = self._strategy(assign="round", team_ids=team)
        self._generate(strategy)
        owners = strategy.task_ids.mapped("user_id.login")
        self.assertEqual(len(strategy.task_ids), 4)
        counts = [len(strategy.task_ids.filtered(lambda t, u=u: t.user_id.id == u)) for u in team]
        self.assertEqual(counts, [2, 2], owners)

    def test_send_time_is_in_the_window_of_the_store(self):
        self.store.retail_tz = "America/New_York"
        strategy = self._strategy([self._mail_plan(from_hour=9, to_hour=20)])
        self._generate(strategy)
        # Four in the morning by UTC is eleven in the evening in New York.
        self.assertEqual(str(strategy.task_ids.send_at), "2026-03-02 14:00:00")
        self.assertEqual(strategy.task_ids.state, "planned")
