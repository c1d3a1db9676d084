"""A promotion as a campaign: what was planned, what came of it, and when it is closed."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

PLAN_FIELDS = frozenset({"plan_note", "planned_cost", "demand_uplift", "campaign_id", "evaluation"})


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    plan_note = fields.Html(string="Plan", help="What it is for, and what is to be done for it.")
    planned_cost = fields.Monetary(
        help="What it is meant to give away. It stops nothing: for that set the budget under "
        "'How often?'."
    )
    campaign_id = fields.Many2one(
        "utm.campaign", index="btree_not_null", help="The campaign that the promotion is part of."
    )
    evaluation = fields.Html(
        copy=False, help="What came of it, for those who plan the next one. Asked for on closing."
    )
    is_closed = fields.Boolean(string="Closed", readonly=True, copy=False, tracking=True)

    def action_close(self):
        """Put a promotion that is over to the files, with its evaluation."""
        self._check_right_to_act()
        self._check_state("ended")
        for promotion in self:
            if is_html_empty(promotion.evaluation):
                raise UserError(
                    self.env._(
                        "Write down what came of %(name)s before you close it: page 'Plan and "
                        "evaluation'.",
                        name=promotion.name,
                    )
                )
        # Nobody may write it by hand; the checks are above.
        self.sudo().is_closed = True
        return True

    def _check_write(self, vals):
        if not self.env.su and "is_closed" in vals:
            raise UserError(self.env._("Use the button to close a promotion."))
        if PLAN_FIELDS & vals.keys():
            for promotion in self.filtered("is_closed"):
                raise UserError(
                    self.env._(
                        "%(name)s is closed: its plan and evaluation stay as they are.",
                        name=promotion.name,
                    )
                )
        return super()._check_write(vals)
