from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        default=lambda self: self._default_retail_store_id(),
        check_company=True,
        index="btree_not_null",
        help="The store that made the sale; goods may leave from another warehouse.",
    )
    sale_channel_id = fields.Many2one(default=lambda self: self._default_sale_channel_id())

    @api.model
    def _default_retail_store_id(self):
        store = self.env.user.sudo().retail_store_id
        return store if store.company_id == self.env.company else store.browse()

    @api.model
    def _default_sale_channel_id(self):
        return self.env.ref("retail_crm.channel_store", raise_if_not_found=False)
