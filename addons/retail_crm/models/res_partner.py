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
    do_not_contact = fields.Boolean(
        tracking=True,
        help="The member doesn't want to be called, written to or visited: no care task is made, "
        "and open ones are cancelled.",
    )
    retail_care_task_count = fields.Integer(
        string="Care Task Count",
        compute="_compute_retail_care_task_count",
        groups="retail_crm.group_guide,retail_crm.group_service",
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

    def _compute_retail_care_task_count(self):
        counts = dict(
            self.env["retail.care.task"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.retail_care_task_count = counts.get(partner, 0)

    def write(self, vals):
        result = super().write(vals)
        if vals.get("do_not_contact"):
            # Whoever may edit the member may not see the tasks of other guides.
            tasks = self.env["retail.care.task"].sudo()._open_tasks(self)
            tasks._cancel(self.env._("The member doesn't want to be contacted."))
        return result

    def action_view_care_tasks(self):
        """Open the care tasks of this member."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_care_task_action_all"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action

    def action_open_complaint(self):
        """Open the form of a new complaint of this customer."""
        self.ensure_one()
        return self.env["helpdesk.ticket"]._retail_open_action(
            {"default_partner_id": self.id, "default_retail_store_id": self.retail_store_id.id}
        )
