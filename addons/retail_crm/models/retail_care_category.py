from odoo import fields, models


class RetailCareCategory(models.Model):
    _name = "retail.care.category"
    _description = "Kind of Care"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)
