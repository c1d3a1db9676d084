from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailGuideCorrection(models.TransientModel):
    _name = "retail.guide.correction"
    _description = "Change the Guide of Sold Lines"

    order_id = fields.Many2one("pos.order", string="Receipt", required=True, readonly=True)
    allowed_line_ids = fields.Many2many(
        "pos.order.line", compute="_compute_allowed_line_ids", string="Lines of the Receipt"
    )
    line_ids = fields.Many2many(
        "pos.order.line",
        string="Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', allowed_line_ids)]",
        help="What came back of these lines goes to the same guide.",
    )
    guide_id = fields.Many2one("res.users", domain="[('share', '=', False)]")
    second_guide_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('id', '!=', guide_id)]",
        help="Leave it empty when one guide sold the goods alone.",
    )
    second_share = fields.Float(
        string="Share of the Second Guide (%)",
        digits=(5, 2),
        default=50.0,
        help="Above 0 and below 100; the rest, to the cent, is the guide's.",
    )
    reason = fields.Char()

    @api.depends("order_id")
    def _compute_allowed_line_ids(self):
        for wizard in self:
            wizard.allowed_line_ids = wizard.order_id._fact_goods_lines()

    @api.depends("order_id")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = wizard.order_id._fact_goods_lines()

    def action_change(self):
        """Give the chosen lines to the guide; the sold lines and all reports follow."""
        self.ensure_one()
        if not self.guide_id or not (self.reason or "").strip():
            raise UserError(self.env._("Say who sold the goods, and why it is changed."))
        if self.order_id.state not in ("paid", "done"):
            raise UserError(self.env._("The order isn't paid yet: change the guide at the till."))
        lines = self.line_ids & self.allowed_line_ids
        changes = self.env["retail.guide.change"]
        named = (self.guide_id, self.second_guide_id, self.second_share)
        if not changes._file(lines, *named, self.reason.strip()):
            raise UserError(
                self.env._(
                    "%(guide)s is the guide of these lines already. Choose another one.",
                    guide=self.guide_id.name,
                )
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}
