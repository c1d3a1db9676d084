from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    """The remedies of a request and what they cost."""

    _inherit = "helpdesk.ticket"

    remedy_ids = fields.One2many("retail.complaint.remedy", "ticket_id", string="Remedies")
    remedy_count = fields.Integer(compute="_compute_remedy_count")
    retail_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    remedy_cost = fields.Monetary(
        string="Cost of Remedies",
        compute="_compute_remedy_cost",
        compute_sudo=True,
        store=True,
        currency_field="retail_currency_id",
    )

    @api.depends("remedy_ids.cost", "remedy_ids.state")
    def _compute_remedy_cost(self):
        for ticket in self:
            made = ticket.remedy_ids.filtered(lambda remedy: remedy.state == "done")
            ticket.remedy_cost = sum(made.mapped("cost"))

    def _compute_remedy_count(self):
        counts = dict(
            self.env["retail.complaint.remedy"]._read_group(
                [("ticket_id", "in", self.ids)], ["ticket_id"], ["__count"]
            )
        )
        for ticket in self:
            ticket.remedy_count = counts.get(ticket, 0)

    def action_view_remedies(self):
        """Open the remedies of the request; the form of a new one where there is none."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_complaint_remedy_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {
            "default_ticket_id": self.id,
            "default_sale_line_id": self.sale_line_ids[:1].id,
            "default_product_id": self.retail_product_ids[:1].id,
        }
        if not self.remedy_count:
            action["views"] = [(False, "form")]
        return action
