from odoo import fields, models


class RetailCareOpinion(models.Model):
    """What members' opinions are about: counted, they show the weak points."""

    _name = "retail.care.opinion"
    _description = "Subject of an Opinion"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
