from odoo import fields, models


class RetailCustomerClass(models.Model):
    _name = "retail.customer.class"
    _description = "Customer Class"
    _order = "level, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code that imports and interfaces use for this class.")
    level = fields.Integer(
        default=10,
        help="A higher level is a better class. New members start in the lowest one.",
    )
    color = fields.Integer()
    description = fields.Text(translate=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        help="Price list that members of this class get unless their own says otherwise.",
    )
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("UNIQUE(name)", "A customer class of this name exists.")
    _code_uniq = models.UniqueIndex(
        "(lower(code)) WHERE code IS NOT NULL", "A customer class with this code exists."
    )
