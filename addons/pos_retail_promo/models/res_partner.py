from odoo import api, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _load_pos_data_read(self, records, config):
        """Add what promotions know of a member, in the engine's form."""
        rows = super()._load_pos_data_read(records, config)
        for row in rows:
            # The company that a contact belongs to may be hidden from the cashier.
            row["_retail_member"] = snapshot.member_dict(self.browse(row["id"]).sudo())
        return rows
