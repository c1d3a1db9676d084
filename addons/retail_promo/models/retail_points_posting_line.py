from odoo import fields, models


class RetailPointsPostingLine(models.Model):
    _name = "retail.points.posting.line"
    _description = "Posting of Points: Program and Kind"
    _order = "program_id, id"

    posting_id = fields.Many2one(
        "retail.points.posting", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="posting_id.company_id", store=True)
    currency_id = fields.Many2one(related="posting_id.currency_id")
    program_id = fields.Many2one(
        "loyalty.program", string="Points Program", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    kind = fields.Selection(
        [
            ("earned", "Earned"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("clawed", "Taken Back"),
            ("moved", "Moved"),
            ("valued", "Rounding and New Value"),
        ],
        required=True,
        readonly=True,
    )
    points = fields.Float(readonly=True)
    amount = fields.Monetary(
        readonly=True, help="By how much the debt to the members rises, or falls below zero."
    )

    def _label(self):
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        return f"{self.program_id.name}: {kinds[self.kind]}"
