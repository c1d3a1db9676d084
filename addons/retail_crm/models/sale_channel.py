from odoo import fields, models


class SaleChannel(models.Model):
    _inherit = "sale.channel"

    code = fields.Char(help="Short code that imports, tills and interfaces use for the channel.")

    _retail_code_uniq = models.UniqueIndex(
        "(lower(code), COALESCE(company_id, 0)) WHERE code IS NOT NULL",
        "The company has a sales channel with this code.",
    )
