from datetime import timedelta

from odoo import fields, models


class HelpdeskTicket(models.Model):
    """What follows a request: training of whom it was about, and a measure against its cause."""

    _inherit = "helpdesk.ticket"

    retail_about_id = fields.Many2one(
        "res.users",
        string="About the Colleague",
        domain="[('share', '=', False)]",
        copy=False,
        help="Whose behaviour the customer speaks of.",
    )

    def write(self, vals):
        result = super().write(vals)
        if self._retail_code_in(vals) == "resolved":
            self.filtered(lambda one: one.retail_kind == "complaint")._retail_plan_training()
        return result

    def _retail_plan_training(self):
        """Give the store's manager a to-do for each complaint about behaviour."""
        training = self.env.ref("retail_crm.mail_activity_type_training")
        # Managers get the to-do even where the agent may not see them.
        for ticket in self.sudo():
            if not (ticket.cause_id.training or ticket.category_id.retail_training):
                continue
            if training in ticket.activity_ids.activity_type_id:
                continue
            managers = ticket._retail_managers(ticket.company_id, ticket.retail_store_id)
            managers = managers or ticket._retail_admins(ticket.company_id)
            about = ticket.retail_about_id
            for manager in ticket._retail_who_may_read(managers - about)[:1] or ticket.user_id:
                ticket.activity_schedule(
                    "retail_crm.mail_activity_type_training",
                    user_id=manager.id,
                    date_deadline=fields.Date.context_today(ticket) + timedelta(days=7),
                    summary=self.env._("Train %(who)s", who=about.name)
                    if about
                    else self.env._("Train the colleague it was about"),
                    note=ticket.solution,
                )

    def action_retail_improve(self):
        """Open a new improvement against what this request was about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Improvement"),
            "res_model": "retail.improvement",
            "view_mode": "form",
            "context": {
                "default_name": self.cause_id.name or self.category_id.complete_name or self.name,
                "default_category_id": not self.cause_id and self.category_id.id,
                "default_cause_id": self.cause_id.id,
                "default_company_id": self.company_id.id,
            },
        }
