from odoo import fields, models


class RetailRegion(models.Model):
    _name = "retail.region"
    _description = "Store Region"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        "res.users",
        string="Area Manager",
        domain="[('share', '=', False)]",
        help="Told when a store's request is late and the store has not helped.",
    )
    store_ids = fields.One2many("stock.warehouse", "retail_region_id", string="Stores")

    _name_uniq = models.Constraint("UNIQUE(name)", "A region of this name exists.")
