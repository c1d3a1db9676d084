import heapq
import json
import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

GENERATE_BATCH = 2000  # members whose tasks are written and committed in one step


class RetailCareStrategy(models.Model):
    """When to care for which members, and how: each occasion makes one task per member.

    A trigger is a method ``_occasion_sql_<trigger>(day)`` that returns, for a row ``member`` of
    res_partner, at most one row (occasion, last_purchase_day). The occasion names the reason for
    ever: the database holds one task per strategy, member and occasion.
    """

    _name = "retail.care.strategy"
    _description = "Care Strategy"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(required=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Gets the tasks of members without a guide whose home store has no staff.",
    )
    trigger = fields.Selection(
        [("no_purchase", "No purchase for some days")],
        required=True,
        default="no_purchase",
        tracking=True,
    )
    days = fields.Integer(
        default=60,
        required=True,
        tracking=True,
        help="Days since the member last bought. Members who never bought are left out.",
    )
    form = fields.Selection([("call", "Call")], required=True, default="call", tracking=True)
    class_ids = fields.Many2many(
        "retail.customer.class",
        "retail_care_strategy_class_rel",
        string="Classes",
        help="Members of these classes; of all when empty.",
    )
    tag_ids = fields.Many2many(
        "res.partner.category",
        "retail_care_strategy_tag_rel",
        string="Tags",
        help="Members with one of these tags or of the tags below them; all when empty.",
    )
    store_ids = fields.Many2many(
        "stock.warehouse",
        "retail_care_strategy_store_rel",
        string="Home Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
        help="Members of these home stores; of all when empty.",
    )
    script = fields.Html(help="What to say and to ask; shown on every task.")
    due_days = fields.Integer(
        string="Due After", default=3, help="Days from the making of a task until it is due."
    )
    max_tries = fields.Integer(
        default=3, help="After so many tries without reaching the member the task is given up."
    )
    retry_days = fields.Integer(
        string="Try Again After", default=2, help="Days until the next try, unless a date is given."
    )
    last_run_at = fields.Datetime(string="Last Run", readonly=True, copy=False)
    task_ids = fields.One2many("retail.care.task", "strategy_id", string="Tasks")
    open_task_count = fields.Integer(compute="_compute_task_counts", string="Open Tasks")
    task_count = fields.Integer(compute="_compute_task_counts")

    _days_positive = models.Constraint("CHECK(days > 0)", "The days must be at least one.")
    _tries_positive = models.Constraint("CHECK(max_tries > 0)", "There must be at least one try.")
    _delays_positive = models.Constraint(
        "CHECK(due_days >= 0 AND retry_days > 0)",
        "A task can't be due before it is made, and the next try is a day later at least.",
    )

    def _compute_task_counts(self):
        task = self.env["retail.care.task"]
        domain = Domain("strategy_id", "in", self.ids)
        total = dict(task._read_group(domain, ["strategy_id"], ["__count"]))
        still = dict(task._read_group(domain & task._open_domain(), ["strategy_id"], ["__count"]))
        for strategy in self:
            strategy.task_count = total.get(strategy, 0)
            strategy.open_task_count = still.get(strategy, 0)

    # === WHO === #

    def _today(self):
        """Return the day by the company's clock, the one that cuts the days of its sales."""
        tz = self.env["stock.warehouse"]._get_retail_tz(self.company_id)
        return fields.Date.context_today(self.with_context(tz=tz))

    def _occasion_sql_no_purchase(self, day):
        """No purchase in the last ``days`` days; the occasion is the day of the last one."""
        return SQL(
            """SELECT max(fact.day)::text AS occasion, max(fact.day) AS last_purchase_day
                 FROM retail_sale_fact fact
                WHERE fact.partner_id = member.id AND fact.company_id = %s
                  AND fact.event = 'sold'
               HAVING max(fact.day) <= %s""",
            self.company_id.id,
            day - timedelta(days=self.days),
        )

    def _audience_sql(self):
        """Return the condition on ``member`` (res_partner), opt-outs aside."""
        parts = [
            SQL("member.is_member AND member.active"),
            SQL("(member.company_id IS NULL OR member.company_id = %s)", self.company_id.id),
        ]
        if self.class_ids:
            parts.append(SQL("member.retail_class_id IN %s", tuple(self.class_ids.ids)))
        if self.store_ids:
            parts.append(SQL("member.retail_store_id IN %s", tuple(self.store_ids.ids)))
        if self.tag_ids:
            tags = self.env["res.partner.category"].with_context(active_test=False)
            tags = tags.search([("id", "child_of", self.tag_ids.ids)])
            parts.append(
                SQL(
                    "EXISTS (SELECT 1 FROM res_partner_res_partner_category_rel tag"
                    " WHERE tag.partner_id = member.id AND tag.category_id IN %s)",
                    tuple(tags.ids),
                )
            )
        return SQL(" AND ").join(parts)

    def _candidates(self, day, after_id=0, limit=None, everyone=False):
        """Return the members with an occasion, as dicts in the order of their ids.

        Keys: partner_id, guide_id, store_id, occasion, last_purchase_day, outcome ("task",
        "has_task", "do_not_contact"). Only those who get a task, unless ``everyone``.
        """
        self.ensure_one()
        outcome = SQL(
            """CASE WHEN member.do_not_contact THEN 'do_not_contact'
                    WHEN task.id IS NOT NULL THEN 'has_task' ELSE 'task' END"""
        )
        query = SQL(
            """SELECT member.id AS partner_id, member.retail_guide_id AS guide_id,
                      member.retail_store_id AS store_id, hit.occasion, hit.last_purchase_day,
                      %(outcome)s AS outcome
                 FROM res_partner member
                 JOIN LATERAL (%(occasion)s) hit ON TRUE
            LEFT JOIN retail_care_task task ON task.strategy_id = %(strategy)s
                      AND task.partner_id = member.id AND task.occasion = hit.occasion
                WHERE member.id > %(after)s AND %(audience)s AND %(wanted)s
             ORDER BY member.id %(limit)s""",
            outcome=outcome,
            occasion=getattr(self, f"_occasion_sql_{self.trigger}")(day),
            strategy=self.id,
            after=after_id,
            audience=self._audience_sql(),
            wanted=SQL("TRUE") if everyone else SQL("%s = 'task'", outcome),
            limit=SQL("LIMIT %s", limit) if limit else SQL(),
        )
        self.env.flush_all()
        return self.env.execute_query_dict(query)

    # === WHOSE TASK === #

    def _assign(self, rows):
        """Set ``user_id`` of each row: the guide, else the home store's least busy, else the owner.

        Tasks given to somebody in this run count as that person's load for the next row.
        """
        self.ensure_one()
        users = self._assignable_users(rows)
        able = set(users.ids)
        loads = self._open_loads(users)
        staff = {}
        for user in users:
            for store in user.retail_store_ids:
                staff.setdefault(store.id, []).append((loads.get(user.id, 0), user.id))
        for heap in staff.values():
            heapq.heapify(heap)
        for row in rows:
            user_id = row["guide_id"] if row["guide_id"] in able else None
            user_id = user_id or self._least_busy(staff.get(row["store_id"]), loads)
            row["user_id"] = user_id or self.user_id.id
            loads[row["user_id"]] = loads.get(row["user_id"], 0) + 1
        return rows

    @staticmethod
    def _least_busy(heap, loads):
        """Return the id of the user with the fewest open tasks; the heap may lag behind."""
        while heap:
            load, user_id = heap[0]
            now = loads.get(user_id, 0)
            if load == now:
                return user_id
            heapq.heapreplace(heap, (now, user_id))
        return None

    def _assignable_users(self, rows):
        """Return the active guides named in the rows and those who work in their stores."""
        named = Domain("id", "in", [row["guide_id"] for row in rows if row["guide_id"]])
        stores = {row["store_id"] for row in rows if row["store_id"]}
        guides = self.env.ref("retail_crm.group_guide")
        staff = Domain("retail_store_ids", "in", list(stores)) & Domain(
            "all_group_ids", "in", guides.ids
        )
        domain = (named | staff) & Domain("share", "=", False)
        domain &= Domain("company_ids", "in", self.company_id.ids)
        # The list of colleagues, whoever presses the button.
        return self.env["res.users"].sudo().search(domain)

    def _open_loads(self, users):
        task = self.env["retail.care.task"].sudo()
        domain = Domain("user_id", "in", users.ids) & task._open_domain()
        return {
            user.id: count for user, count in task._read_group(domain, ["user_id"], ["__count"])
        }

    # === GENERATE === #

    def _generate_batch(self, day, after_id=0, limit=GENERATE_BATCH):
        """Make the tasks of the next members; return (tasks made, last member or None at the end).

        Safe to run again and beside another run: a task that is there is left alone.
        Raises SerializationFailure when another transaction is just making the same tasks.
        """
        rows = self._assign(self._candidates(day, after_id, limit))
        made = self._insert_tasks(rows, day) if rows else 0
        return made, rows[-1]["partner_id"] if len(rows) == limit else None

    def _insert_tasks(self, rows, day):
        """Write the tasks with one INSERT; return how many are new."""
        due = day + timedelta(days=self.due_days)
        columns = ("partner_id", "user_id", "store_id", "occasion", "last_purchase_day")
        data = [{name: row[name] for name in columns} for row in rows]
        query = SQL(
            """INSERT INTO retail_care_task
                      (strategy_id, company_id, form, state, tries, due_date, partner_id, user_id,
                       store_id, occasion, last_purchase_day,
                       create_uid, create_date, write_uid, write_date)
               SELECT %(strategy)s, %(company)s, %(form)s, 'assigned', 0, %(due)s, row.*,
                      %(uid)s, %(now)s, %(uid)s, %(now)s
                 FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
                          partner_id int, user_id int, store_id int, occasion varchar,
                          last_purchase_day date)
             ORDER BY row.partner_id
          ON CONFLICT (strategy_id, partner_id, occasion) DO NOTHING""",
            strategy=self.id,
            company=self.company_id.id,
            form=self.form,
            due=due,
            uid=self.env.uid,
            now=self.env.cr.now(),
            rows=json.dumps(data, default=str),
        )
        # Another run may write the same tasks: that is no error worth a line in the log.
        self.env.cr.execute(query, log_exceptions=False)
        self.env["retail.care.task"].invalidate_model(flush=False)
        self.invalidate_recordset(["task_ids"], flush=False)
        return self.env.cr.rowcount

    def _withdraw_sql_no_purchase(self):
        """Return the condition on ``task`` for an occasion that is none any more."""
        return SQL(
            """EXISTS (SELECT 1 FROM retail_sale_fact fact
                        WHERE fact.partner_id = task.partner_id AND fact.company_id = %s
                          AND fact.event = 'sold' AND fact.day > task.last_purchase_day)""",
            self.company_id.id,
        )

    def _withdraw(self):
        """Cancel the tasks nobody has begun whose reason is gone: the member has bought again."""
        self.env.flush_all()
        query = SQL(
            """SELECT task.id FROM retail_care_task task
                WHERE task.strategy_id = %s AND task.state IN ('planned', 'assigned')
                  AND task.tries = 0 AND task.previous_id IS NULL AND %s""",
            self.id,
            getattr(self, f"_withdraw_sql_{self.trigger}")(),
        )
        ids = [row[0] for row in self.env.execute_query(query)]
        # Tasks of any guide: the strategy withdraws what it has made.
        tasks = self.env["retail.care.task"].sudo().browse(ids)
        tasks._cancel(self.env._("The member has bought again."))

    def _generate(self, day=None):
        """Make all tasks of these strategies in this transaction; return how many."""
        total = 0
        for strategy in self:
            today, after = day or strategy._today(), 0
            strategy._withdraw()
            while after is not None:
                made, after = strategy._generate_batch(today, after)
                total += made
            strategy.sudo().last_run_at = fields.Datetime.now()
        return total

    @api.model
    def _cron_generate(self):
        """Make today's tasks of every strategy, in steps that are committed one by one."""
        cron = self.env["ir.cron"]
        strategies = self.search([])
        seconds = cron._commit_progress(remaining=len(strategies))
        for strategy in strategies:
            after = 0
            while after is not None and seconds:
                after = strategy._generate_step(after)
                seconds = cron._commit_progress(int(after is None))
            if not seconds:
                break

    def _generate_step(self, after_id):
        """Make one batch; give way to another run that is at the same strategy now."""
        try:
            with self.env.cr.savepoint():
                if not after_id:
                    self._withdraw()
                made, after_id = self._generate_batch(self._today(), after_id)
                if after_id is None:
                    self.last_run_at = fields.Datetime.now()
        except SerializationFailure:
            _logger.info("Care strategy %s is being run by somebody else: left to them.", self.id)
            return None
        _logger.info("Care strategy %s: %s tasks made.", self.id, made)
        return after_id

    # === BUTTONS === #

    def action_generate(self):
        """Make today's tasks now and tell how many there are."""
        self.check_access("write")
        if self.filtered(lambda strategy: not strategy.active):
            raise UserError(self.env._("An archived strategy makes no tasks."))
        count = self._generate()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Tasks made: %(count)s.", count=count),
                "type": "success" if count else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_preview(self):
        """Show who would get a task today and why, without making any."""
        self.ensure_one()
        self.check_access("write")
        self.env["retail.care.preview"]._fill(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_care_preview_action"
        )
        action["domain"] = [("strategy_id", "=", self.id), ("create_uid", "=", self.env.uid)]
        return action

    def action_view_tasks(self):
        """Open the tasks of this strategy."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_care_task_action_all"
        )
        action["domain"] = [("strategy_id", "=", self.id)]
        action["context"] = {"default_strategy_id": self.id}
        return action
