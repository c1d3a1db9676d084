from odoo import api, fields, models


class PosConfig(models.Model):
    _inherit = "pos.config"

    sale_channel_id = fields.Many2one(
        "sale.channel",
        string="Sales Channel",
        default=lambda self: self._default_sale_channel_id(),
        domain="[('company_id', 'in', (company_id, False))]",
        ondelete="restrict",
        help="What this till sells is counted for this channel.",
    )
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        related="picking_type_id.warehouse_id",
        help="The store of a till is the warehouse that its goods leave from.",
    )

    @api.model
    def _default_sale_channel_id(self):
        return self.env.ref("retail_crm.channel_store", raise_if_not_found=False)
