"""The points that members hold are a debt of the company: posted at a fair value per point."""

from collections import defaultdict
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from . import promotion_snapshot as snapshot


class RetailPointsPosting(models.Model):
    """A day's or a period's movements of points in the ledger: one entry, each posted once."""

    _name = "retail.points.posting"
    _description = "Posting of Points"
    _order = "until desc, id desc"
    _rec_name = "until"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    until = fields.Date(
        string="Until Day", required=True, readonly=True, help="Movements up to this day."
    )
    date = fields.Date(
        string="Accounting Date",
        required=True,
        readonly=True,
        index=True,
        help="The day after the lock date where the period is locked already.",
    )
    point_value = fields.Float(string="Value of a Point", digits=(16, 6), readonly=True)
    move_id = fields.Many2one("account.move", string="Journal Entry", readonly=True)
    line_ids = fields.One2many("retail.points.posting.line", "posting_id", readonly=True)
    amount = fields.Monetary(string="Change of the Debt", compute="_compute_amount", store=True)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for posting in self:
            posting.amount = sum(posting.line_ids.mapped("amount"))

    # === WHEN === #

    @api.model
    def _cron_post(self):
        """Nightly: post what companies want posted by day or by month."""
        companies = self.env["res.company"].search([("retail_points_posting", "!=", "no")])
        for company in companies:
            until = self._last_day(company)
            if not company._retail_points_gaps():
                self.with_company(company)._post_until(company, until)
            if not self.env["ir.cron"]._commit_progress(1):
                break

    @api.model
    def _last_day(self, company):
        """Return the last whole day, or the last day of the last whole month."""
        today = self._today(company)
        if company.retail_points_posting == "month":
            return today + relativedelta(day=1, days=-1)
        return today - timedelta(days=1)

    @api.model
    def _today(self, company):
        tz_name = self.env["stock.warehouse"]._get_retail_tz(company)
        return date.fromisoformat(snapshot.wall_clock(fields.Datetime.now(), tz_name)[:10])

    def action_post_now(self):
        """Post all movements of the company up to now; a button of the list, whatever is chosen."""
        if not self.env.user.has_group("retail_crm.group_accountant"):
            raise AccessError(self.env._("Accountants post points: ask one."))
        company = self.env.company
        gaps = company._retail_points_gaps()
        if gaps:
            raise UserError(self.env._("Points can't be posted yet:") + "\n- " + "\n- ".join(gaps))
        # The book of points is the system's; the accountant asked for the entry.
        posting = self.sudo()._post_until(company, self._today(company))
        if not posting:
            raise UserError(
                self.env._("Nothing to post: all movements of points are in the ledger.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": posting.id,
            "view_mode": "form",
        }

    # === WHAT === #

    @api.model
    def _post_until(self, company, until):
        """Post what isn't posted of a company's points up to a day; return the posting.

        Empty when there is nothing, so that asked twice it posts once.
        """
        # Two at once: the second one waits, and finds nothing left.
        self.env.cr.execute(
            SQL("SELECT id FROM res_company WHERE id = %s FOR NO KEY UPDATE", company.id)
        )
        self.env["retail.points.move"]._repair(company)
        moves = self.env["retail.points.move"].search(
            [
                ("company_id", "=", company.id),
                ("posting_id", "=", False),
                ("day", "<=", until),
            ]
        )
        lines = self._prepare_lines(company, moves)
        if not lines:
            return self.browse()
        journal = company.retail_points_journal_id
        lock = company._get_user_fiscal_lock_date(journal, ignore_exceptions=True)
        posting = self.create(
            {
                "company_id": company.id,
                "until": until,
                "date": max(until, lock + timedelta(days=1)),
                "point_value": company.retail_points_value,
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        moves.posting_id = posting
        posting._make_entry()
        return posting

    @api.model
    def _prepare_lines(self, company, moves):
        """Return the values of lines by program and kind, which bring the debt to its value.

        The debt of a program is its points times the value of a point, rounded once. What
        rounding and a new value of the point make is a line of its own.
        """
        value, currency = company.retail_points_value, company.currency_id
        points = defaultdict(float)
        for program, kind, total in moves._read_group(
            [("id", "in", moves.ids)], ["program_id", "kind"], ["points:sum"]
        ):
            points[program, kind] = total
        booked = self._booked(company)
        lines = []
        for program in sorted({program for program, _kind in points} | booked.keys()):
            old_points, old_amount = booked.get(program, (0.0, 0.0))
            own = [
                {
                    "program_id": program.id,
                    "kind": kind,
                    "points": total,
                    "amount": currency.round(total * value),
                }
                for (at, kind), total in sorted(points.items(), key=lambda item: item[0][1])
                if at == program and total
            ]
            new_points = old_points + sum(line["points"] for line in own)
            change = currency.round(new_points * value) - old_amount
            rest = currency.round(change - sum(line["amount"] for line in own))
            if rest:
                own.append(
                    {"program_id": program.id, "kind": "valued", "points": 0.0, "amount": rest}
                )
            lines += own
        return lines

    @api.model
    def _booked(self, company):
        """Return {program: (points, amount)} that are in the ledger."""
        rows = self.env["retail.points.posting.line"]._read_group(
            [("posting_id.company_id", "=", company.id)],
            ["program_id"],
            ["points:sum", "amount:sum"],
        )
        return {program: (points, amount) for program, points, amount in rows}

    def _make_entry(self):
        """Make and post the journal entry; none when the amounts are too small for a cent."""
        lines = self.line_ids.filtered("amount")
        if not lines:
            return
        company = self.company_id
        accounts = (
            company.retail_points_expense_account_id,
            company.retail_points_liability_account_id,
        )
        items = []
        for line in lines:
            for account, sign in zip(accounts, (1, -1), strict=True):
                balance = sign * line.amount
                items.append(
                    Command.create(
                        {
                            "account_id": account.id,
                            "name": line._label(),
                            "debit": max(balance, 0.0),
                            "credit": max(-balance, 0.0),
                        }
                    )
                )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": company.retail_points_journal_id.id,
                "company_id": company.id,
                "date": self.date,
                "ref": self.env._("Points until %(day)s", day=format_date(self.env, self.until)),
                "line_ids": items,
            }
        )
        move._post(soft=False)
        self.move_id = move

    def action_view_entry(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
