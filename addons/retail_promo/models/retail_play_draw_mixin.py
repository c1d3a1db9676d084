from odoo import fields, models

from ..draw_engine import commitment, draw_seed


class RetailPlayDrawMixin(models.AbstractModel):
    """One draw of a member: what proves it. Written by the system only.

    A model that inherits it has `campaign_id` and works its result out again
    (`_play_result_holds`).
    """

    _name = "retail.play.draw.mixin"
    _description = "Draw of a Member"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        aggregator="count_distinct",
    )
    number = fields.Integer(
        string="Draw", readonly=True, aggregator=None, help="Draws of a campaign are numbered."
    )
    request_key = fields.Char(
        string="Request",
        required=True,
        readonly=True,
        help="What the player's device called its request: the shop can't choose it.",
    )
    drawn_at = fields.Datetime(string="Date", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True, help="By the clock of the company.")
    user_id = fields.Many2one(
        "res.users", string="Drawn By", readonly=True, help="Who drew for the member."
    )
    seed = fields.Char(
        string="Seed of the Draw",
        readonly=True,
        help="HMAC-SHA-256 of 'draw:request' under the seed of the campaign. The result follows "
        "from it alone.",
    )

    basket = fields.Char(string="Paid Order", readonly=True, help="The order that gave the draw.")
    points_paid = fields.Integer(readonly=True)

    # Not by member: the draws of two that turn out to be one keep both.
    _request_uniq = models.Constraint(
        "UNIQUE(campaign_id, request_key)", "A request draws only once."
    )
    _number_uniq = models.Constraint("UNIQUE(campaign_id, number)", "Draws have their own numbers.")
    _basket_uniq = models.UniqueIndex(
        "(campaign_id, basket) WHERE basket IS NOT NULL", "An order gives one draw."
    )

    def _play_values(self, campaign, member, number, key):
        """Return the values that all draws have."""
        return {
            "campaign_id": campaign.id,
            "company_id": campaign.company_id.id,
            "partner_id": member.id,
            "number": number,
            "request_key": key,
            "drawn_at": fields.Datetime.now(),
            "day": campaign._play_today(),
            "user_id": self.env.uid,
            "seed": draw_seed(campaign.seed, number, key),
            **campaign._play_price_values(member),
        }

    def _play_take_price(self):
        """Take the points that the draw costs off the member's card."""
        if self.points_paid:
            campaign = self.campaign_id
            reason = self.env._("A draw in %(name)s", name=campaign.name)
            self._play_member()._retail_points(
                -self.points_paid, campaign, reason, document=f"{self._name},{self.id}"
            )

    def _play_member(self):
        """Return the member, in the company of the campaign."""
        return self.partner_id.with_company(self.company_id)

    def _play_result_holds(self):
        """Tell whether the result follows from the seed of the draw."""
        raise ValueError(f"{self._name} does not say this")

    def _play_text(self):
        """Return what was won, in words for the player; nothing without a draw."""
        raise ValueError(f"{self._name} does not say this")

    def _play_proofs(self):
        """Return [(whether it holds, what was checked)] of this draw."""
        self.ensure_one()
        _ = self.env._
        campaign = self.campaign_id.sudo()  # the seed is nobody's, what it proves is everybody's
        proofs = [
            (
                self._play_result_holds(),
                _("The result follows from the seed of the draw and what could be won."),
            ),
            (
                draw_seed(campaign.seed, self.number, self.request_key) == self.seed,
                _("The seed of the draw follows from its number, its request and the campaign."),
            ),
            (
                commitment(campaign.seed) == campaign.seed_hash,
                _("The seed of the campaign is the one that was fixed before."),
            ),
        ]
        return proofs

    def action_verify(self):
        """Work the draw out again and tell whether it holds."""
        self.check_access("read")
        proofs = self._play_proofs()
        sound = all(holds for holds, _text in proofs)
        lines = [("✓ " if holds else "✗ ") + text for holds, text in proofs]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if sound else "danger",
                "title": self.env._("The draw holds")
                if sound
                else self.env._("The draw does not hold"),
                "message": "\n".join(lines),
                "sticky": True,
            },
        }
