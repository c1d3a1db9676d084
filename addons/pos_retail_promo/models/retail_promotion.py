from odoo import api, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
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
        # Cashiers read what a promotion is called, its rules only as the till needs them.
        promotions = self.sudo().browse(row["id"] for row in rows)
        for row, promotion in zip(rows, promotions, strict=True):
            row["_program"] = promotion._engine_program()
            row["_gains"] = promotion._pos_gains()
        gifts = snapshot.gift_products(promotions.filtered(_gives_gifts))
        stock = config._retail_promo_gift_stock(gifts)
        for row, promotion in zip(rows, promotions, strict=True):
            if _gives_gifts(promotion):
                options = snapshot.gift_products(promotion)
                row["_gift_stock"] = {key: stock[key] for key in map(str, options.ids)}
        return rows

    def _pos_gains(self):
        """Return what hints lead to, in words: by threshold in engine units, and it all."""
        self.ensure_one()
        steps = self.tier_ids if self.reward_kind == "tiers" else self.tier_ids.browse()
        return {
            "all": self.reward_text,
            **{str(snapshot.tier_at(self, tier)): self._gain_text(tier) for tier in steps},
        }

    @api.model
    def _no_sample_product_ids(self):
        """Tips are no goods either."""
        # Who writes promotions may see no till.
        special = self.env["pos.config"].sudo()._get_special_products()
        return [*super()._no_sample_product_ids(), *special.ids]

    def _unrelevant_records(self, config):
        """A till forgets promotions that are paused, over or archived."""
        live = self.sudo().filtered(
            lambda promotion: promotion.active and promotion.state in LIVE_STATES
        )
        return (self - live).ids


def _gives_gifts(promotion):
    return promotion.reward_kind == "gift"
