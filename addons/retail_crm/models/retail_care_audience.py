"""Who of a strategy's audience gets what, and who gets nothing and why."""

from odoo import models
from odoo.tools import SQL

from ..crm_engine.draw import held_out, lot, next_variant

CONTACT_STATES = ("sending", "sent", "done", "evaluated")


class RetailCareStrategy(models.Model):
    _inherit = "retail.care.strategy"

    # === CONDITIONS === #

    def _group_sql(self, classes, tags, segments):
        """Return the conditions of a group on ``member`` and ``insight``; none when it is empty."""
        parts = []
        if classes:
            parts.append(SQL("member.retail_class_id = ANY(%s)", classes.ids))
        if segments:
            parts.append(SQL("insight.segment_id = ANY(%s)", segments.ids))
        if tags:
            below = self.env["res.partner.category"].with_context(active_test=False)
            below = below.search([("id", "child_of", tags.ids)])
            parts.append(
                SQL(
                    "EXISTS (SELECT 1 FROM res_partner_res_partner_category_rel tag"
                    " WHERE tag.partner_id = member.id AND tag.category_id = ANY(%s))",
                    below.ids,
                )
            )
        return parts

    def _audience_sql(self):
        """Return the condition on ``member`` (res_partner), opt-outs aside."""
        parts = [
            SQL("member.is_member AND member.active"),
            SQL("(member.company_id IS NULL OR member.company_id = %s)", self.company_id.id),
            *self._group_sql(self.class_ids, self.tag_ids, self.segment_ids),
        ]
        if self.store_ids:
            parts.append(SQL("member.retail_store_id = ANY(%s)", self.store_ids.ids))
        return SQL(" AND ").join(parts)

    def _plans_sql(self):
        """Return the array of the plan lines that are for ``member``, in their order."""
        parts = [
            SQL(
                "CASE WHEN %s THEN %s END",
                SQL(" AND ").join(
                    self._group_sql(plan.class_ids, plan.tag_ids, plan.segment_ids) or [SQL("TRUE")]
                ),
                plan.id,
            )
            for plan in self.plan_ids.sorted(lambda line: (line.sequence, line.id))
        ]
        return SQL("array_remove(ARRAY[%s]::int[], NULL)", SQL(", ").join(parts or [SQL("NULL")]))

    def _contacts_sql(self, day):
        """Return how often ``member`` was or will be contacted in the days that the cap counts."""
        company = self.company_id
        if not (self.respects_cap and company.retail_care_cap_count):
            return SQL("0")
        return SQL(
            """(SELECT count(*) FROM retail_care_task planned
                 WHERE planned.partner_id = member.id
                   AND (planned.state = ANY(%(open)s)
                        OR (planned.state = ANY(%(made)s)
                            AND planned.due_date > %(day)s::date - %(days)s)))
             + (SELECT count(*) FROM retail_communication talk
                 WHERE talk.partner_id = member.id AND talk.direction = 'out'
                   AND talk.result != 'not_reached'
                   AND talk.date > %(day)s::date - %(days)s)""",
            open=list(self.env["retail.care.task"]._open_states()),
            made=list(CONTACT_STATES),
            day=day,
            days=company.retail_care_cap_days,
        )

    # === CANDIDATES === #

    def _next_candidates(self, day, after_id, limit, everyone=False):
        """Return the next candidates, ``limit`` to twice as many, and the last member judged.

        That is None at the end. The members are judged by windows of their ids: a LIMIT on those
        with an occasion would look at all that are left, again in each step.
        """
        rows = []
        while after_id is not None and len(rows) < limit:
            last_id, whole = self._window(after_id, limit)
            rows += self._candidates(day, after_id, last_id, everyone)
            after_id = last_id if whole else None
        return rows, after_id

    def _window(self, after_id, size):
        """Return the last of the next members by id, and whether there are ``size`` of them."""
        query = SQL(
            """SELECT COALESCE(max(id), 0), count(*) = %(size)s
                 FROM (SELECT id FROM res_partner WHERE is_member AND id > %(after)s
                     ORDER BY id LIMIT %(size)s) part""",
            after=after_id,
            size=size,
        )
        self.env.flush_all()
        return self.env.execute_query(query)[0]

    def _candidates(self, day, after_id=0, last_id=None, everyone=False):
        """Return the members with an occasion, as dicts in the order of their ids.

        Keys: partner_id, guide_id, store_id, tz, occasion, event_day, last_purchase_day, plan_ids,
        contacts, outcome ("has_task", "do_not_contact", "holdout", None) and what
        ``retail.care.plan._closed`` looks at. Without those who have the task, unless
        ``everyone``.
        """
        self.ensure_one()
        query = SQL(
            """SELECT member.id AS partner_id, member.retail_guide_id AS guide_id,
                      member.retail_store_id AS store_id,
                      COALESCE(store.retail_tz, %(tz)s) AS tz,
                      hit.occasion, hit.event_day, hit.last_purchase_day,
                      %(plans)s AS plan_ids, %(contacts)s AS contacts,
                      %(reach)s,
                      CASE WHEN task.id IS NOT NULL THEN 'has_task'
                           WHEN member.do_not_contact THEN 'do_not_contact'
                           WHEN held.id IS NOT NULL THEN 'holdout' END AS outcome
                 FROM res_partner member
            LEFT JOIN stock_warehouse store ON store.id = member.retail_store_id
            LEFT JOIN retail_member_insight insight
                      ON insight.partner_id = member.commercial_partner_id
                     AND insight.company_id = %(company)s
                 JOIN LATERAL (%(occasion)s) hit ON TRUE
            LEFT JOIN retail_care_task task ON task.strategy_id = %(strategy)s
                      AND task.partner_id = member.id AND task.occasion = hit.occasion
            LEFT JOIN retail_care_held held ON held.strategy_id = %(strategy)s
                      AND held.partner_id = member.id AND held.occasion = hit.occasion
                      AND held.reason = 'holdout'
                WHERE member.id > %(after)s AND %(within)s AND %(audience)s AND %(wanted)s
             ORDER BY member.id""",
            tz=self.env["stock.warehouse"]._get_retail_tz(self.company_id),
            plans=self._plans_sql(),
            contacts=self._contacts_sql(day),
            reach=self.env["retail.care.plan"]._reach_sql(),
            company=self.company_id.id,
            occasion=self._occasion_sql(day),
            strategy=self.id,
            after=after_id,
            within=SQL("TRUE") if last_id is None else SQL("member.id <= %s", last_id),
            audience=self._audience_sql(),
            wanted=SQL("TRUE") if everyone else SQL("task.id IS NULL"),
        )
        self.env.flush_all()
        return self.env.execute_query_dict(query)

    # === WHO GETS WHAT === #

    def _decide(self, rows, counts):
        """Set ``outcome`` of each row, and plan_id, variant and form where a line is for it.

        counts: {plan id: tasks made so far}, moved on here: by it the variants are shared out.
        """
        plans = {plan.id: plan for plan in self.plan_ids}
        group_of = {
            plan.id: variants for variants in self.plan_ids._groups().values() for plan in variants
        }
        # Not in the order of the ids: a member's place there tells how long it has been one.
        for row in sorted(rows, key=lambda row: lot("order", self.id, row["partner_id"])):
            if row["outcome"] in ("has_task", "do_not_contact"):
                continue
            matching = [plans[plan_id] for plan_id in row["plan_ids"] or ()]
            if not matching:
                row["outcome"] = "no_plan"
                continue
            variants = group_of[matching[0].id]
            shares = [plan.share for plan in variants]
            plan = variants[next_variant(shares, [counts.get(plan.id, 0) for plan in variants])]
            row |= {"plan_id": plan.id, "variant": plan.variant, "form": plan.form}
            row["outcome"] = row["outcome"] or self._obstacle(plan, row) or "task"
            if row["outcome"] == "task":
                counts[plan.id] = counts.get(plan.id, 0) + 1
        return rows

    def _obstacle(self, plan, row):
        """Return why the member gets nothing, of retail.care.held's reasons; None when he does."""
        closed = plan._closed(row)
        if closed:
            return closed
        cap = self.company_id.retail_care_cap_count
        if row["contacts"] and row["contacts"] >= cap:
            return "capped"
        # Last, so that those held out are like those who get it.
        out = held_out(self.holdout_percent, "holdout", self.id, row["partner_id"])
        return "holdout" if out else None

    def _plan_counts(self):
        """Return {plan id: tasks made}."""
        task = self.env["retail.care.task"].sudo()
        groups = task._read_group([("plan_id", "in", self.plan_ids.ids)], ["plan_id"], ["__count"])
        return {plan.id: count for plan, count in groups}
