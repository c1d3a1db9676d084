from odoo import api, models

from odoo.addons.retail_promo.models.retail_promotion_engine import LIVE_STATES


class RetailPromotion(models.Model):
    _name = "retail.promotion"
    _inherit = ["retail.promotion", "pos.load.mixin"]

    @api.model
    def _load_pos_data_domain(self, data, config):
        """Promotions that hold in the till's store, also those that start later today."""
        return [
            ("company_id", "=", config.company_id.id),
            ("state", "in", LIVE_STATES),
            "|",
            ("store_ids", "=", False),
            ("store_ids", "in", config._retail_promotion_store().ids),
        ]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["id", "name", "state", "discount_product_id", "write_date"]

    @api.model
    def _load_pos_data_read(self, records, config):
        """Add the rules in the engine's form, made by the same code as for the server."""
        rows = super()._load_pos_data_read(records, config)
        for row in rows:
            row["_program"] = self.browse(row["id"])._engine_program()
        return rows

    def _unrelevant_records(self, config):
        """A till forgets promotions that are paused, over or archived."""
        live = self.sudo().filtered(
            lambda promotion: promotion.active and promotion.state in LIVE_STATES
        )
        return (self - live).ids
