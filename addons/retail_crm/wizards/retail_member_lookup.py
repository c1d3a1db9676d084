from odoo import fields, models
from odoo.exceptions import UserError


class RetailMemberLookup(models.TransientModel):
    _name = "retail.member.lookup"
    _description = "Find a Member of Any Store"

    text = fields.Char(
        string="Phone, Mail or Card",
        help="The whole number, address or card code: a part of it finds nobody.",
    )
    searched = fields.Boolean(readonly=True)
    partner_ids = fields.Many2many("res.partner", string="Found", readonly=True)

    def action_find(self):
        """Show the members who have exactly this phone, mail or card; a try is logged."""
        self.ensure_one()
        found = self.env["res.partner"].retail_find_exact(self.text)
        self.write({"searched": True, "partner_ids": [(6, 0, [row["id"] for row in found])]})
        return self._get_records_action(target="new", name=self.env._("Find a Member"))

    def action_open(self):
        """Open the member when there is one; several are opened from the list."""
        self.ensure_one()
        if len(self.partner_ids) != 1:
            raise UserError(self.env._("Open the right one from the list."))
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_member_action")
        form = self.env.ref("retail_crm.retail_member_view_form")
        return {**action, "views": [(form.id, "form")], "res_id": self.partner_ids.id}
