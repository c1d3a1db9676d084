from odoo import fields, models


class RetailChurnReason(models.Model):
    """Why a member stopped buying, as the member said."""

    _name = "retail.churn.reason"
    _description = "Reason for Leaving"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
