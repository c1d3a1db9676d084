from odoo import api, fields, models

PAID_STATES = ("paid", "done")
TOKEN_LENGTH = 32  # characters; 128 random bits


class PosOrder(models.Model):
    """The page behind the QR code of the receipt, where the customer says how it was."""

    _inherit = "pos.order"

    retail_receipt_token = fields.Char(
        copy=False,
        readonly=True,
        index="btree_not_null",
        export_string_translation=False,
        help="Secret of the receipt's page; the till makes it up, also without a connection.",
    )

    @api.model
    def _retail_by_receipt_token(self, token):
        """Return the paid order whose receipt carries the token, or none."""
        if len(token) < TOKEN_LENGTH:
            return self.browse()
        found = [("retail_receipt_token", "=", token), ("state", "in", PAID_STATES)]
        return self.search(found, limit=1)

    def _retail_receipt_brief(self):
        """Return what the page shows, see ``retail.receipt.opinion._receipt``."""
        self.ensure_one()
        money = self.currency_id.format
        return {
            "record": self,
            "number": self.pos_reference or self.name,
            "company": self.company_id,
            "store": self.config_id.retail_store_id,
            "partner": self.partner_id,
            "lines": [
                {
                    "key": line.uuid,
                    "name": f"{line.qty:g} × {line.full_product_name or line.product_id.name}",
                    "amount": money(line.price_subtotal_incl),
                }
                for line in self._fact_goods_lines()
            ],
        }
