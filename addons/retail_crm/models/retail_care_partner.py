from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

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
