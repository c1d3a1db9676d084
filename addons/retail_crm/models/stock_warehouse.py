from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    is_store = fields.Boolean(
        string="Is a Store", index=True, help="Customers are served here: tills, guides, members."
    )
    retail_region_id = fields.Many2one("retail.region", string="Region", index="btree_not_null")
    retail_staff_ids = fields.Many2many(
        "res.users",
        "retail_store_user_rel",
        "store_id",
        "user_id",
        string="Staff",
        domain="[('share', '=', False)]",
    )
    retail_tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        default=lambda self: self._default_retail_tz(),
        help="The store's days begin and end by this clock.",
    )
    retail_calendar_id = fields.Many2one(
        "resource.calendar",
        string="Opening Hours",
        help="Working time of the store: deadlines of its complaints count by it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        stores = super().create(vals_list)
        stores._retail_forget_staff(*vals_list)
        return stores

    def write(self, vals):
        result = super().write(vals)
        self._retail_forget_staff(vals)
        return result

    def _retail_forget_staff(self, *written):
        """Record rules and own stores are kept per user: let them be read anew."""
        if any({"retail_staff_ids", "active"} & vals.keys() for vals in written):
            self.env.registry.clear_cache()

    @api.model
    def _default_retail_tz(self):
        return self.env.company.partner_id.tz or "UTC"

    def _retail_leaders(self):
        """Return the active store managers of these stores."""
        group = self.env.ref("retail_crm.group_store_manager")
        return self.retail_staff_ids.filtered(
            lambda user: user.active and group in user.all_group_ids
        )

    def _get_retail_tz(self, company=None):
        """Return the name of the time zone by which the days of a store are cut.

        Without a store (an empty record) it is the company's.
        """
        company = company or self.company_id
        return self.retail_tz or company.partner_id.tz or "UTC"
