from odoo import api, fields, models

from ..draw_engine import draw


class RetailLottery(models.Model):
    """A lottery: members draw, and a prize or nothing comes out, by odds that they can see."""

    _name = "retail.lottery"
    _description = "Lottery"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.play.mixin"]
    _order = "date_from desc, id desc"

    gift_days = fields.Integer(
        string="Gifts Wait (Days)",
        default=30,
        help="So many days a member has to fetch a gift. 0: as long as it takes.",
    )
    prize_ids = fields.One2many("retail.lottery.prize", "lottery_id", string="Prizes", copy=True)
    draw_ids = fields.One2many("retail.lottery.draw", "campaign_id", string="Drawn")
    to_hand_out_count = fields.Integer(compute="_compute_to_hand_out_count")
    odds_text = fields.Text(
        string="Odds", compute="_compute_odds_text", help="What players are shown."
    )

    _gift_days_positive = models.Constraint(
        "CHECK(gift_days >= 0)", "Gifts can't wait for less than no day."
    )
    # === COMPUTE METHODS === #

    def _compute_to_hand_out_count(self):
        draws = self.env["retail.lottery.draw"]
        waiting = [("campaign_id", "in", self.ids), ("state", "=", "waiting")]
        counts = dict(draws._read_group(waiting, ["campaign_id"], ["__count"]))
        for lottery in self:
            lottery.to_hand_out_count = counts.get(lottery, 0)

    @api.depends("prize_ids.odds", "prize_ids.name")
    @api.depends_context("lang")
    def _compute_odds_text(self):
        for lottery in self:
            lottery.odds_text = "\n".join(
                self.env._("%(prize)s: %(odds)s %%", prize=prize.name, odds=f"{prize.odds:.4g}")
                for prize in lottery.prize_ids
                if prize.odds
            )

    # === WHAT A CAMPAIGN TELLS === #

    def _play_draws(self):
        return self.env["retail.lottery.draw"]

    def _play_with_points(self):
        return super()._play_with_points() or "points" in self.prize_ids.mapped("kind")

    def _play_gaps(self):
        _ = self.env._
        if not self.prize_ids:
            return [_("Add its prizes.")]
        gaps = super()._play_gaps()
        gaps += [gap for prize in self.prize_ids for gap in prize._gaps()]
        if not any(prize.weight for prize in self.prize_ids):
            gaps.append(_("All prizes weigh 0: give at least one a weight, so that it can be won."))
        return gaps

    def _play_odds_text(self):
        return self.odds_text

    def _play_own_refusal(self, member):
        if not self._drawable():
            return self.env._("All prizes are won: nothing is left to draw.")
        return None

    def _play_draw(self, member, number, key):
        draws = self._play_draws()
        values = draws._play_values(self, member, number, key)
        prizes = self._drawable()
        weights = [prize.weight for prize in prizes]
        # What weighs nothing is won only when nothing else is left.
        index = draw(values["seed"], weights) if any(weights) else 0
        prize = prizes[index]
        entries = [
            [entry.id, entry.name, weight, entry.left if entry.quantity else None]
            for entry, weight in zip(prizes, weights, strict=True)
        ]
        prize.won += 1
        record = draws.create(
            {
                **values,
                "prize_id": prize.id,
                "kind": prize.kind,
                "result": index,
                "entries": entries,
            }
        )
        record._settle()
        return record

    # === HELPERS === #

    def _drawable(self):
        """Return the prizes that can be won now, in their order; see `_play_draw` for weights."""
        there = self.prize_ids.filtered(lambda prize: prize._there())
        weighty = there.filtered("weight")
        return weighty or there[:1]

    # === ACTIONS === #

    def action_view_draws(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_lottery_draw_action"
        )
        return {**action, "domain": [("campaign_id", "=", self.id)], "context": {}}

    def action_view_to_hand_out(self):
        self.ensure_one()
        action = self.action_view_draws()
        return {**action, "context": {"search_default_waiting": 1}}

    def action_draw_for_member(self):
        """Open the wizard that draws for a member."""
        self.ensure_one()
        return self.env["retail.play.wizard"]._open({"default_lottery_id": self.id})
