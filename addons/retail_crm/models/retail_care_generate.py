"""The tasks of a strategy, written by one INSERT for each step of its run."""

import json
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ..crm_engine.send_window import next_open


class RetailCareStrategy(models.Model):
    _inherit = "retail.care.strategy"

    def _generate(self, day=None):
        """Make all tasks of these strategies in this transaction; return how many."""
        total = 0
        for strategy in self:
            run = self.env["retail.care.run"]._open(strategy, day or strategy._today())
            run._restart()
            while run.state != "done":
                total += run._step()
        return total

    def _insert_tasks(self, rows, day):
        """Write the tasks of rows that are decided and assigned; return how many are new."""
        if not rows:
            return 0
        data = self._task_rows(rows, day)
        query = SQL(
            """INSERT INTO retail_care_task
                      (strategy_id, company_id, category_id, tries, made_on,
                       partner_id, user_id, store_id, plan_id, variant, form, cost, state,
                       occasion, event_day, last_purchase_day, due_date, send_at,
                       create_uid, create_date, write_uid, write_date)
               SELECT %(strategy)s, %(company)s, %(category)s, 0, %(day)s, row.*,
                      %(uid)s, %(now)s, %(uid)s, %(now)s
                 FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
                          partner_id int, user_id int, store_id int, plan_id int, variant varchar,
                          form varchar, cost numeric, state varchar, occasion varchar,
                          event_day date, last_purchase_day date, due_date date, send_at timestamp)
             ORDER BY row.partner_id
          ON CONFLICT (strategy_id, partner_id, occasion) DO NOTHING""",
            strategy=self.id,
            company=self.company_id.id,
            category=self.category_id.id or None,
            day=day,
            uid=self.env.uid,
            now=self.env.cr.now(),
            rows=json.dumps(data, default=str),
        )
        # Another run may write the same tasks: that is no error worth a line in the log.
        self.env.cr.execute(query, log_exceptions=False)
        self.env["retail.care.task"].invalidate_model(flush=False)
        self.invalidate_recordset(["task_ids"], flush=False)
        return self.env.cr.rowcount

    def _task_rows(self, rows, day):
        """Return the columns of the tasks, in the order of the INSERT."""
        now = fields.Datetime.now()
        plans = {plan.id: plan for plan in self.plan_ids}
        times = self._usual_times([row for row in rows if plans[row["plan_id"]].at_usual_time])
        return [
            self._task_row(row, plans[row["plan_id"]], day, now, times.get(row["partner_id"]))
            for row in rows
        ]

    def _usual_times(self, rows):
        """Return {partner id: time of day at which the member usually buys, or False}."""
        members = self.env["res.partner"].browse([row["partner_id"] for row in rows])
        # When members buy is no secret to the generator, whoever pressed the button.
        members = members.sudo().with_company(self.company_id)
        return {member.id: member.retail_favourite_time for member in members}

    def _task_row(self, row, plan, day, now, usual_time):
        automatic = plan.is_automatic
        due = day if automatic else day + timedelta(days=self.due_days)
        if not automatic and row["event_day"] and day <= row["event_day"] < due:
            due = row["event_day"]  # a birthday card is of no use the day after
        send_at = next_open(now, row["tz"], *plan._hours(usual_time)) if automatic else None
        return {
            "partner_id": row["partner_id"],
            "user_id": row["user_id"],
            "store_id": row["store_id"],
            "plan_id": plan.id,
            "variant": plan.variant,
            "form": plan.form,
            "cost": plan.cost,
            "state": "planned" if automatic else "assigned",
            "occasion": row["occasion"],
            "event_day": row["event_day"],
            "last_purchase_day": row["last_purchase_day"],
            "due_date": due,
            "send_at": send_at,
        }

    def _withdraw(self):
        """Cancel the tasks nobody has begun whose reason is gone: the member has bought again."""
        gone = self._withdraw_sql()
        if gone is None:
            return
        self.env.flush_all()
        query = SQL(
            """SELECT task.id FROM retail_care_task task
                WHERE task.strategy_id = %s AND task.state IN ('planned', 'assigned')
                  AND task.tries = 0 AND task.previous_id IS NULL AND %s""",
            self.id,
            gone,
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        # Tasks of any guide: the strategy withdraws what it has made.
        tasks = self.env["retail.care.task"].sudo().browse(ids)
        tasks._cancel(self.env._("The member has bought again."))
