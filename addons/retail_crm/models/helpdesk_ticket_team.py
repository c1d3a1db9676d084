from odoo import api, fields, models


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    retail_kind = fields.Selection(
        selection=lambda self: self._selection_retail_kind(),
        string="Tickets Are",
        help="Tickets that come to this team, by mail say, are requests of this kind: they get "
        "an owner, a deadline and the steps of a complaint.",
    )

    @api.model
    def _selection_retail_kind(self):
        return self.env["helpdesk.ticket"]._fields["retail_kind"]._description_selection(self.env)

    def _get_applicable_stages(self):
        """Keep the steps of complaints and the stages of other tickets apart."""
        stages = super()._get_applicable_stages()
        retail = bool(self.retail_kind) if self else False
        return stages.filtered(lambda stage: bool(stage.retail_code) == retail)
