from odoo import fields, models


class RetailComplaintCause(models.Model):
    _name = "retail.complaint.cause"
    _description = "Complaint Cause"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code that imports and reports use for the cause.")
    training = fields.Boolean(
        string="About Behaviour",
        help="When a complaint with this cause is resolved, the store's manager gets a to-do: "
        "train the person it was about.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex(
        "(lower(code)) WHERE code IS NOT NULL", "A complaint cause with this code exists."
    )
