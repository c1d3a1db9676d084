from odoo import api, fields, models
from odoo.exceptions import UserError


class ProductBrand(models.Model):
    _inherit = "product.brand"

    active = fields.Boolean(default=True)

    _retail_name_uniq = models.UniqueIndex(
        "(lower(btrim(name))) WHERE active", "A brand of this name exists."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """A brand of products, archived ones too, is archived instead."""
        groups = (
            self.env["product.template"]
            .sudo()  # products of all companies count
            .with_context(active_test=False)
            ._read_group([("product_brand_id", "in", self.ids)], ["product_brand_id"], ["__count"])
        )
        for brand, count in groups:
            raise UserError(
                self.env._(
                    "Brand %(brand)s is used by %(count)s products. Archive it, or give these"
                    " products another brand first.",
                    brand=brand.name,
                    count=count,
                )
            )
