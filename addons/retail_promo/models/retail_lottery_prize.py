from odoo import api, fields, models

from .retail_promotion_coupon import ISSUING_STATES

RULE_FIELDS = {"kind", "weight", "quantity", "promotion_id", "points", "product_id", "lottery_id"}


class RetailLotteryPrize(models.Model):
    """What can be won in a lottery, how likely it is, and how many of it there are."""

    _name = "retail.lottery.prize"
    _description = "Lottery Prize"
    _order = "lottery_id, sequence, id"
    _check_company_auto = True

    lottery_id = fields.Many2one("retail.lottery", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lottery_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True, help="As players read it.")
    kind = fields.Selection(
        [("coupon", "Coupon"), ("points", "Points"), ("gift", "Gift"), ("nothing", "Nothing")],
        required=True,
        default="nothing",
    )
    weight = fields.Integer(
        default=1,
        required=True,
        help="How likely it is, beside the weights of the others. 0: only when nothing else is "
        "left to win.",
    )
    quantity = fields.Integer(
        string="How Many", help="0: no limit. When they are won, the others share the odds."
    )
    won = fields.Integer(readonly=True, copy=False)
    left = fields.Integer(compute="_compute_left", help="Of those that are limited.")
    odds = fields.Float(
        string="Odds (%)",
        digits=(16, 4),
        compute="_compute_odds",
        help="Of the next draw, as the player is shown them.",
    )
    promotion_id = fields.Many2one(
        "retail.promotion",
        string="Coupon For",
        ondelete="restrict",
        check_company=True,
        domain="[('needs_coupon', '=', True)]",
    )
    points = fields.Integer()
    product_id = fields.Many2one(
        "product.product",
        string="Gift",
        ondelete="restrict",
        check_company=True,
        domain="[('type', '=', 'consu')]",
    )

    _numbers_positive = models.Constraint(
        "CHECK(weight >= 0 AND quantity >= 0 AND points >= 0)",
        "Weights, quantities and points of prizes can't be below zero.",
    )
    _stock = models.Constraint(
        "CHECK(quantity = 0 OR won <= quantity)",
        "A prize can't be less often there than it was won already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("quantity", "won")
    def _compute_left(self):
        for prize in self:
            prize.left = max(0, prize.quantity - prize.won) if prize.quantity else 0

    @api.depends(
        "lottery_id.prize_ids.weight",
        "lottery_id.prize_ids.quantity",
        "lottery_id.prize_ids.won",
        "lottery_id.prize_ids.kind",
        "lottery_id.prize_ids.promotion_id.state",
    )
    def _compute_odds(self):
        for lottery, prizes in self.grouped("lottery_id").items():
            drawable = lottery._drawable()
            total = sum(drawable.mapped("weight"))
            for prize in prizes:
                if prize not in drawable:
                    prize.odds = 0.0
                else:
                    prize.odds = 100 * prize.weight / total if total else 100.0

    # === HELPERS === #

    def _there(self):
        """Tell whether one more of the prize can be given."""
        self.ensure_one()
        if self.quantity and self.won >= self.quantity:
            return False
        # Who draws needs no right on the promotion.
        return self.kind != "coupon" or self.sudo().promotion_id.state in ISSUING_STATES

    def _gaps(self):
        """Return what keeps the prize from being given, one sentence each."""
        self.ensure_one()
        _ = self.env._
        if self.kind == "coupon" and not self.promotion_id:
            return [_("Choose the promotion whose coupon %(prize)s is.", prize=self.name)]
        if self.kind == "coupon" and self.promotion_id.state not in ("published", "running"):
            return [
                _(
                    "Publish %(promotion)s, so that its coupons hold.",
                    promotion=self.promotion_id.name,
                )
            ]
        if self.kind == "points" and not self.points:
            return [_("Say how many points %(prize)s is.", prize=self.name)]
        if self.kind == "gift" and not self.product_id:
            return [_("Choose the product that %(prize)s is.", prize=self.name)]
        if self.kind == "gift" and not self.quantity:
            return [_("Say how many of %(prize)s there are to win.", prize=self.name)]
        return []

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        prizes = super().create(vals_list)
        prizes.lottery_id._play_check_change()
        return prizes

    def write(self, vals):
        if RULE_FIELDS & vals.keys():
            self.lottery_id._play_check_change()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        self.lottery_id._play_check_change()
