from odoo import api, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Give members the price list of their class, unless they have one of their own.

        Stock's order stays: first the member's own list, then (new) that of the class, then
        that of the country, then the default.
        """
        result = super()._get_partner_pricelist_multi(partner_ids)
        if not self.env["res.groups"]._is_feature_enabled("product.group_product_pricelist"):
            return result
        # Whoever sells may not read every member, class or list; the price is theirs anyway.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        for partner in partners.browse(partner_ids):
            listed = partner.is_member and partner._retail_class_pricelist()
            if listed and not partner.specific_property_product_pricelist.active:
                result[partner.id] = listed.with_env(self.env)
        return result
