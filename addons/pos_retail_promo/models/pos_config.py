from odoo import api, models
from odoo.addons.retail_promo.models.promotion_reasons import REASONS


class PosConfig(models.Model):
    _inherit = "pos.config"

    def _get_special_products(self):
        """The products that carry discounts are loaded, but neither shown nor sold."""
        return super()._get_special_products() | self._retail_promo_discount_products()

    def _retail_promo_live(self):
        """Return the promotions of the till's company, with no query once the engine has them."""
        index = self.env["retail.promotion"]._engine_index((self.company_id or self.env.company).id)
        # Cashiers need no right on promotions for what their till prints and gives.
        return self.env["retail.promotion"].sudo().browse(row.id for row in index.programs)

    def _retail_promo_discount_products(self):
        return self._retail_promo_live().discount_product_id.with_env(self.env)

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        for row in rows:
            row.update(config._retail_promotion_place())
            # Why a promotion doesn't apply, in the cashier's language.
            row["_retail_reasons"] = {key: self.env._(text) for key, text in REASONS.items()}
        return rows

    def _retail_promotion_place(self):
        """Return what promotions know of a till: store, clock, channel, means of payment."""
        self.ensure_one()
        store = self._retail_promotion_store()
        return {
            "_retail_store_id": store.id,
            "_retail_tz": store._get_retail_tz(self.company_id),
            "_retail_channel": self._retail_promotion_channel().code,
            "_retail_payment_product_ids": sorted(
                self.env["retail.fact.source"]._fact_payment_product_ids()
            ),
        }

    def _retail_promotion_store(self):
        # Where the goods leave from is readable for whoever sells.
        return self.sudo().picking_type_id.warehouse_id

    def _retail_promotion_channel(self):
        """Return the till's sales channel; a till without a choice sells in the store."""
        # The choice is pos_retail_crm's, which this bridge doesn't depend on.
        if "sale_channel_id" in self._fields and self.sale_channel_id:
            return self.sale_channel_id
        return (
            self.env.ref("retail_crm.channel_store", raise_if_not_found=False)
            or self.env["sale.channel"]
        )
