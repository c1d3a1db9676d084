"""The entry of a session: each promotion is a journal item of its own, with its analytics."""

import json

from odoo import models


class PosSession(models.Model):
    _inherit = "pos.session"

    def _get_sale_key(self, base_line):
        key = super()._get_sale_key(base_line)
        values = base_line["record"]._retail_promo_ledger_values()
        if values:
            # The key is hashed.
            values["analytic_distribution"] = json.dumps(
                values["analytic_distribution"], sort_keys=True
            )
        return {**key, **values}

    def _get_sale_vals(self, key, sale_vals):
        values = super()._get_sale_vals(key, sale_vals)
        if "retail_promotion_id" not in key:
            return values
        promotion = self.env["retail.promotion"].sudo().browse(key["retail_promotion_id"])
        return {
            **values,
            "name": promotion.with_context(lang=self.company_id.partner_id.lang).name,
            "retail_promotion_id": promotion.id,
            "analytic_distribution": json.loads(key["analytic_distribution"]),
        }
