from odoo import fields, models


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
