from odoo import api, models
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "is_member",
            "member_code",
            "retail_class_id",
            "retail_store_id",
            "retail_special_need",
            "retail_preference",
        ]

    @api.model
    def _load_pos_data_read(self, records, config):
        """Add what the member card shows offline: home store by name and last purchase day."""
        rows = super()._load_pos_data_read(records, config)
        members = self.browse(row["id"] for row in rows if row["is_member"])
        stores = {store.id: store.display_name for store in members.sudo().retail_store_id}
        last_days = members._retail_last_purchase_days(config.company_id)
        for row in rows:
            row["_retail_store_name"] = stores.get(row["retail_store_id"], "")
            row["_retail_last_day"] = last_days.get(row["id"], False)
        return rows

    def _retail_last_purchase_days(self, company):
        """Return {partner id: ISO day of the last purchase in the company}.

        One query for all partners, past the access rules of the reader: a cashier sees the
        day on the card of a member who bought in another store.
        """
        if not self:
            return {}
        rows = self.env.execute_query(
            SQL(
                """SELECT partner_id, MAX(day)
                     FROM retail_sale_fact
                    WHERE partner_id IN %(partners)s AND company_id = %(company)s
                      AND event = 'sold'
                 GROUP BY partner_id""",
                partners=tuple(self.commercial_partner_id.ids),
                company=company.id,
            )
        )
        days = {partner_id: day.isoformat() for partner_id, day in rows}
        return {
            partner.id: days[partner.commercial_partner_id.id]
            for partner in self
            if partner.commercial_partner_id.id in days
        }
