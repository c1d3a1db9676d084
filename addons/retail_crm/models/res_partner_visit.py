from odoo import fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "retail.visit.mixin"]

    retail_visit_count = fields.Integer(
        string="Store Visits",
        compute="_compute_retail_visit_count",
        groups="retail_crm.group_guide,retail_crm.group_service",
    )

    def _compute_retail_visit_count(self):
        counts = dict(
            self.env["calendar.event"]._read_group(
                [("retail_member_id", "in", self.ids)], ["retail_member_id"], ["__count"]
            )
        )
        for partner in self:
            partner.retail_visit_count = counts.get(partner, 0)

    def _visit_booking(self):
        return self._visit_of(self, self.retail_store_id, self.retail_guide_id)

    def action_view_visits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_visit_action")
        action["domain"] = [("retail_member_id", "=", self.id)]
        action["context"] = {
            f"default_{name}": value for name, value in self._visit_booking().items() if value
        }
        return action
