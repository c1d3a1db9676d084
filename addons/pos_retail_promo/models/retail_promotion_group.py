from odoo import api, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot


class RetailPromotionGroup(models.Model):
    _name = "retail.promotion.group"
    _inherit = ["retail.promotion.group", "pos.load.mixin"]

    @api.model
    def _load_pos_data_domain(self, data, config):
        # A promotion that runs needs its group, archived or not.
        return [("company_id", "=", config.company_id.id), ("active", "in", (True, False))]

    @api.model
    def _load_pos_data_fields(self, config):
        return ["id", "name", "sequence", "mode", "write_date"]

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        for row in rows:
            row["_group"] = snapshot.group_dict(self.browse(row["id"]))
        return rows

    def _unrelevant_records(self, config):
        return []
