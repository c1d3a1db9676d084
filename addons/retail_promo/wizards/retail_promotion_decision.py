from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.retail_promotion_coupon import ISSUING_STATES


class RetailPromotionDecision(models.TransientModel):
    """A store manager's decision on a difference, with what it gives the customer."""

    _name = "retail.promotion.decision"
    _description = "Decide on a Difference"

    difference_id = fields.Many2one(
        "retail.promotion.difference", required=True, readonly=True, ondelete="cascade"
    )
    decision = fields.Selection(
        [("accepted", "Accept"), ("compensated", "Compensate"), ("corrected", "Correct")],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="difference_id.company_id")
    currency_id = fields.Many2one(related="difference_id.currency_id")
    missing = fields.Monetary(
        string="Customer Got Too Little",
        compute="_compute_missing",
        help="What was due less what was given.",
    )
    reason = fields.Text(required=True)
    gives = fields.Selection(
        [("coupon", "A coupon"), ("points", "Points")], default="coupon", string="Customer Gets"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        help="Whose the coupon or the points are. A coupon without a customer is for whoever "
        "has its code.",
    )
    promotion_id = fields.Many2one(
        "retail.promotion",
        string="Coupon Of",
        ondelete="cascade",
        domain=f"[('needs_coupon', '=', True), ('company_id', '=', company_id),"
        f" ('state', 'in', {ISSUING_STATES!r})]",
    )
    points = fields.Float(digits=(16, 2))

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "partner_id" in fields_list and "partner_id" not in values:
            difference = self.difference_id.browse(values.get("difference_id"))
            values["partner_id"] = difference.partner_id.id
        return values

    @api.depends("difference_id")
    def _compute_missing(self):
        for wizard in self:
            wizard.missing = max(0.0, -wizard.difference_id.difference)

    def action_decide(self):
        """Give the customer what was decided, and write the decision down."""
        self.ensure_one()
        difference = self.difference_id
        difference._check_open()
        settlement = None
        if self.decision == "compensated":
            settlement = self._give()
        elif self.decision == "corrected":
            settlement = self._correction()
        difference._decide(self.decision, self.reason, settlement)
        return {"type": "ir.actions.act_window_close"}

    def _give(self):
        """Return the coupon, or the movement of points, that the customer gets."""
        difference = self.difference_id
        if self.gives == "points":
            if not self.partner_id:
                raise UserError(self.env._("Points need a member: choose the customer."))
            if self.points <= 0:
                raise UserError(self.env._("Enter how many points the customer gets."))
            # The manager's right on the difference was checked; cards are the system's.
            partner = self.partner_id.sudo().with_company(self.company_id)
            return partner._retail_points(
                self.points,
                difference.name,
                self.reason,
                document=f"{difference._name},{difference.id}",
            )
        if not self.promotion_id:
            raise UserError(
                self.env._(
                    "Choose the promotion whose coupon the customer gets. A promotion that asks "
                    "for a coupon must run; the promotion manager makes one."
                )
            )
        # The manager's right on the difference was checked; coupons are the system's.
        return self.promotion_id.sudo()._issue_coupon(
            self.partner_id, difference.name, store=difference.store_id
        )

    def _correction(self):
        correction = self.difference_id._corrections()
        if not correction:
            raise UserError(
                self.env._(
                    "Nothing corrects this sale yet. Open it, return its goods and sell them anew "
                    "at the till, or make a credit note; then choose Correct again."
                )
            )
        return correction
