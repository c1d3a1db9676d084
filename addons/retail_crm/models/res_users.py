from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    retail_store_ids = fields.Many2many(
        "stock.warehouse",
        "retail_store_user_rel",
        "user_id",
        "store_id",
        string="Stores",
        domain="[('is_store', '=', True)]",
    )
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Default Store",
        compute="_compute_retail_store_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', retail_store_ids)]",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["retail_store_ids", "retail_store_id"]

    @api.model
    def _get_invalidation_fields(self):
        """Record rules are kept per user with the stores the user had."""
        return super()._get_invalidation_fields() | {"retail_store_ids"}

    @api.depends("retail_store_ids")
    def _compute_retail_store_id(self):
        """Keep the chosen store while the user works there, else take the first one."""
        for user in self:
            if user.retail_store_id not in user.retail_store_ids:
                user.retail_store_id = user.retail_store_ids.sorted()[:1]
