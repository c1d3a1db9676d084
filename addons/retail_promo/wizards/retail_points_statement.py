from odoo import api, fields, models
from odoo.fields import Command

KINDS = ("earned", "used", "expired", "clawed")


class RetailPointsStatement(models.TransientModel):
    """The roll-forward of points and of their debt, set beside the account."""

    _name = "retail.points.statement"
    _description = "Points Statement"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="From", required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
    )  # fmt: skip
    date_to = fields.Date(
        string="To", required=True, default=lambda self: fields.Date.context_today(self)
    )
    line_ids = fields.One2many(
        "retail.points.statement.line", "statement_id", compute="_compute_line_ids", store=True
    )
    booked_amount = fields.Monetary(
        string="Debt by the Postings", compute="_compute_account", help="At the end of the period."
    )
    account_amount = fields.Monetary(
        string="Balance of the Account", compute="_compute_account",
        help="Of all posted journal items of the account for points, at the end of the period.",
    )  # fmt: skip
    difference = fields.Monetary(
        compute="_compute_account",
        help="Must be 0. Otherwise somebody booked on the account by hand, or reversed an entry.",
    )
    open_points = fields.Float(
        string="Points Not Posted Yet", compute="_compute_account", help="Moved in the period or "
        "before, and posted after it or not at all.",
    )  # fmt: skip

    _period = models.Constraint("CHECK(date_from <= date_to)", "The period ends before it begins.")

    @api.depends_context("lang")
    def _compute_display_name(self):
        self.display_name = self.env._("Points Statement")

    @api.depends("company_id", "date_from", "date_to")
    def _compute_line_ids(self):
        for statement in self:
            lines = statement._lines() if statement.date_from and statement.date_to else []
            statement.line_ids = [Command.clear(), *(Command.create(line) for line in lines)]

    @api.depends("company_id", "date_to")
    def _compute_account(self):
        for statement in self:
            account = statement.company_id.sudo().retail_points_liability_account_id
            items = self.env["account.move.line"]._read_group(
                [
                    ("account_id", "=", account.id),
                    ("company_id", "=", statement.company_id.id),
                    ("parent_state", "=", "posted"),
                    ("date", "<=", statement.date_to),
                ],
                [],
                ["balance:sum"],
            )
            statement.account_amount = -items[0][0] if account else 0.0
            lines = statement._posted([("posting_id.date", "<=", statement.date_to)])
            statement.booked_amount = sum(amount for _kind, amount in lines.values())
            statement.difference = statement.account_amount - statement.booked_amount
            statement.open_points = sum(line.closing for line in statement.line_ids) - sum(
                points for points, _amount in lines.values()
            )

    def _posted(self, domain):
        """Return {(program, kind): (points, amount)} of postings."""
        rows = self.env["retail.points.posting.line"]._read_group(
            [("company_id", "=", self.company_id.id), *domain],
            ["program_id", "kind"],
            ["points:sum", "amount:sum"],
        )
        return {(program, kind): (points, amount) for program, kind, points, amount in rows}

    def _moved(self, domain):
        """Return {(program, kind): points} of movements."""
        rows = self.env["retail.points.move"]._read_group(
            [("company_id", "=", self.company_id.id), *domain],
            ["program_id", "kind"],
            ["points:sum"],
        )
        return {(program, kind): points for program, kind, points in rows}

    def _lines(self):
        """Return the values of one line per points program."""
        before = self._moved([("day", "<", self.date_from)])
        during = self._moved([("day", ">=", self.date_from), ("day", "<=", self.date_to)])
        old = self._posted([("posting_id.date", "<", self.date_from)])
        new = self._posted(
            [("posting_id.date", ">=", self.date_from), ("posting_id.date", "<=", self.date_to)]
        )
        programs = {program for program, _kind in (*before, *during, *old, *new)}
        return [
            self._line(program, before, during, old, new)
            for program in sorted(programs, key=lambda program: program.id)
        ]

    def _line(self, program, before, during, old, new):
        opening = sum(points for (at, _kind), points in before.items() if at == program)
        opening_value = sum(amount for (at, _kind), (_p, amount) in old.items() if at == program)
        values = {"program_id": program.id, "opening": opening, "opening_value": opening_value}
        for kind in KINDS:
            values[kind] = during.get((program, kind), 0.0)
            values[f"{kind}_value"] = new.get((program, kind), (0.0, 0.0))[1]
        values["valued_value"] = sum(
            amount
            for (at, kind), (_points, amount) in new.items()
            if at == program and kind not in KINDS
        )
        moved = during.get((program, "moved"), 0.0)
        values["closing"] = opening + moved + sum(values[kind] for kind in KINDS)
        values["closing_value"] = (
            opening_value + values["valued_value"] + sum(values[f"{kind}_value"] for kind in KINDS)
        )
        return values

    def action_view_account(self):
        """Open the journal items of the account for points in the period."""
        self.ensure_one()
        account = self.company_id.sudo().retail_points_liability_account_id
        return {
            "type": "ir.actions.act_window",
            "name": account.display_name,
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", self.date_to),
            ],
        }
