from odoo import api, fields, models, tools


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
        """Record rules, the own contact and the own stores are kept per user."""
        return super()._get_invalidation_fields() | {"partner_id", "retail_store_ids"}

    @api.model
    @tools.ormcache("self.env.uid")
    def _retail_own(self):
        """Return (contact, stores) of the current user as ids: nearly every read asks for them."""
        # Which stores one works in is no secret to oneself, whatever the rules on warehouses.
        user = self.env.user.sudo()
        return user.partner_id.id, user.retail_store_ids._ids

    @api.depends("retail_store_ids")
    def _compute_retail_store_id(self):
        """Keep the chosen store while the user works there, else take the first one."""
        for user in self:
            if user.retail_store_id not in user.retail_store_ids:
                user.retail_store_id = user.retail_store_ids.sorted()[:1]
