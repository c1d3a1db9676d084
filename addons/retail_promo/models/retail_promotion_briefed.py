"""The briefing of a promotion, and what publishing makes of it."""

from odoo import api, fields, models


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    briefing_ids = fields.One2many("retail.promotion.briefing", "promotion_id")
    briefing_percent = fields.Float(
        string="Briefed (%)",
        compute="_compute_briefing_percent",
        help="Share of the people of the briefing who have acknowledged it.",
    )

    @api.depends("briefing_ids.acknowledged_percent")
    def _compute_briefing_percent(self):
        for promotion in self:
            # The share is for all who see the promotion.
            promotion.briefing_percent = promotion.sudo().briefing_ids.acknowledged_percent

    def action_view_briefing(self):
        """Open the briefing, or begin it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Briefing"),
            "res_model": "retail.promotion.briefing",
            "view_mode": "form",
            "res_id": self.briefing_ids.id,
            "context": {"default_promotion_id": self.id, "default_text": self.description},
        }

    def _briefing_gaps(self):
        """Return what the briefing lacks, one sentence or none."""
        self.ensure_one()
        briefing = self.sudo().briefing_ids
        if not briefing or briefing.state == "draft":
            return [self.env._("Its briefing was not sent to the staff.")]
        if briefing.acknowledged_count < briefing.reader_count:
            return [
                self.env._(
                    "Its briefing was read by %(read)s of %(people)s.",
                    read=briefing.acknowledged_count,
                    people=briefing.reader_count,
                )
            ]
        return []

    def _publishing_gaps(self):
        gaps = super()._publishing_gaps()
        if self.company_id.sudo().retail_promo_briefing == "refuse":
            gaps += self._briefing_gaps()
        return gaps

    def _publishing_warnings(self):
        warnings = super()._publishing_warnings()
        if self.company_id.sudo().retail_promo_briefing == "warn":
            warnings += self._briefing_gaps()
        return warnings
