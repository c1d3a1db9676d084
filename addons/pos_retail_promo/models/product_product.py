from odoo import api, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model
    def _load_pos_data_read(self, records, config):
        """Add the tags of each variant, which sets of promotions can name."""
        rows = super()._load_pos_data_read(records, config)
        products = self.browse(row["id"] for row in rows)
        tags = {product.id: sorted(product.all_product_tag_ids.ids) for product in products}
        for row in rows:
            row["_retail_tags"] = tags[row["id"]]
        return rows
