from odoo import api, fields, models


class RetailMemberMergeCandidate(models.TransientModel):
    _name = "retail.member.merge.candidate"
    _description = "Member in a Merge"
    _order = "id"

    wizard_id = fields.Many2one("retail.member.merge", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Member", required=True, ondelete="cascade")
    retail_class_id = fields.Many2one(related="partner_id.retail_class_id")
    retail_store_id = fields.Many2one(related="partner_id.retail_store_id")
    joined = fields.Date(string="Since", compute="_compute_joined")
    line_count = fields.Integer(string="Lines Sold", compute="_compute_history")
    last_day = fields.Date(string="Last Purchase", compute="_compute_history")
    points = fields.Float(compute="_compute_points", digits=(16, 2))

    @api.depends("partner_id")
    def _compute_display_name(self):
        for candidate in self:
            # The card is masked; the user chose these members.
            candidate.display_name = candidate.partner_id.sudo()._retail_card()

    @api.depends("partner_id")
    def _compute_joined(self):
        for candidate in self:
            candidate.joined = candidate.partner_id.create_date

    @api.depends("partner_id")
    def _compute_history(self):
        groups = (
            self.env["retail.sale.fact"]
            .sudo()  # only a count and a day, also of other stores
            ._read_group(
                [("partner_id", "in", self.partner_id.ids), ("event", "=", "sold")],
                ["partner_id"],
                ["__count", "day:max"],
            )
        )
        found = {partner.id: (count, day) for partner, count, day in groups}
        for candidate in self:
            candidate.line_count, candidate.last_day = found.get(
                candidate.partner_id.id, (0, False)
            )

    @api.depends("partner_id")
    def _compute_points(self):
        # Those who may merge may see the sum, not the cards.
        groups = (
            self.env["loyalty.card"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("program_id.program_type", "=", "loyalty"),
                ],
                ["partner_id"],
                ["points:sum"],
            )
        )
        points = {partner.id: total for partner, total in groups}
        for candidate in self:
            candidate.points = points.get(candidate.partner_id.id, 0.0)
