from odoo import fields, models


class ResPartnerCategory(models.Model):
    _inherit = "res.partner.category"

    retail_member_count = fields.Integer(
        string="Tagged Members", compute="_compute_retail_member_count"
    )
    retail_rule_ids = fields.One2many("retail.tag.rule", "tag_id", string="Tag Rules")

    def _compute_retail_member_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("category_id", "in", self.ids), ("is_member", "=", True)],
                ["category_id"],
                ["__count"],
            )
        )
        for tag in self:
            tag.retail_member_count = counts.get(tag, 0)

    def action_view_retail_members(self):
        """Open the members who carry the tag."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_member_action")
        action["domain"] = [("is_member", "=", True), ("category_id", "in", self.ids)]
        return action
