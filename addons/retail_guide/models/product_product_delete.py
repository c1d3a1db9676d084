from odoo import api, models
from odoo.exceptions import UserError


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_traded(self):
        """A product that was sold, moved or lies somewhere is archived instead."""
        for product in self.sudo():  # what other stores and companies did with it counts
            traces = product._retail_traces()
            if traces:
                raise UserError(
                    self.env._(
                        "%(product)s can't be deleted: %(traces)s. Archive it: it is no longer"
                        " offered, and its history stays.",
                        product=product.display_name,
                        traces=", ".join(traces),
                    )
                )

    def _retail_traces(self):
        """Return what there is of a product, as texts with counts."""
        _ = self.env._
        sold = self.env["retail.sale.fact"].search_count([("product_id", "=", self.id)])
        ordered = self.env["sale.order.line"].search_count([("product_id", "=", self.id)])
        moved = self.env["stock.move"].search_count([("product_id", "=", self.id)])
        held = self.env["stock.quant"].search_count(
            [
                ("product_id", "=", self.id),
                ("quantity", "!=", 0),
                ("location_id.usage", "in", ("internal", "transit")),
            ]
        )
        texts = [
            (sold, _("sold or returned on %(count)s lines", count=sold)),
            (ordered, _("on %(count)s lines of quotations and orders", count=ordered)),
            (moved, _("moved in stock %(count)s times", count=moved)),
            (held, _("at %(count)s places of stock", count=held)),
        ]
        return [text for count, text in texts if count]
