from odoo import api, fields, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _load_pos_data_read(self, records, config):
        """Add what promotions know of a member, in the engine's form."""
        rows = super()._load_pos_data_read(records, config)
        company = config.company_id
        # The company that a contact belongs to may be hidden from the cashier.
        partners = self.browse([row["id"] for row in rows]).sudo()
        keys = self.env["retail.promotion"]._engine_history_keys(company.id)
        history = snapshot.purchase_history(partners, company, keys, fields.Datetime.now())
        for row, partner in zip(rows, partners, strict=True):
            row["_retail_member"] = snapshot.member_dict(partner, history)
            member = snapshot.member_of(partner)
            row["_retail_points_times"] = (
                member.retail_class_id.points_multiplier if member.retail_class_id else 1.0
            )
        return rows
