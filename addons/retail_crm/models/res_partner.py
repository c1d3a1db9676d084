from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_member = fields.Boolean(string="Member", index=True, tracking=True)
    member_code = fields.Char(
        copy=False,
        help="Number of the member's card: tills and imports find the member by it.",
    )
    retail_class_id = fields.Many2one(
        "retail.customer.class",
        string="Class",
        compute="_compute_retail_class_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
    )
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Home Store",
        domain="[('is_store', '=', True)]",
        index="btree_not_null",
        tracking=True,
    )
    retail_guide_id = fields.Many2one(
        "res.users",
        string="Guide",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
    )
    retail_source_id = fields.Many2one(
        "utm.source", string="Member Source", help="How the member was won."
    )
    retail_referrer_id = fields.Many2one(
        "res.partner",
        string="Recommended By",
        domain="[('is_member', '=', True), ('id', '!=', id)]",
        index="btree_not_null",
    )

    _member_code_uniq = models.Constraint(
        "UNIQUE(member_code)", "Another member has this member code."
    )

    @api.depends("is_member")
    def _compute_retail_class_id(self):
        """A new member starts in the lowest class; a class once given stays."""
        lowest = self.env["retail.customer.class"].search([], limit=1)
        for partner in self:
            if partner.is_member and not partner.retail_class_id:
                partner.retail_class_id = lowest
            else:
                partner.retail_class_id = partner.retail_class_id

    @api.constrains("retail_referrer_id")
    def _check_retail_referrer_id(self):
        if self._has_cycle("retail_referrer_id"):
            raise ValidationError(self.env._("A member can't be recommended by themselves."))
