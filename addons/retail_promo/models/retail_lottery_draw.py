from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_compare, format_date

from ..draw_engine import draw


class RetailLotteryDraw(models.Model):
    """What a member won in a draw, what proves it, and whether a gift was handed out."""

    _name = "retail.lottery.draw"
    _description = "Lottery Draw"
    _inherit = ["retail.play.draw.mixin"]
    _rec_name = "prize_id"

    campaign_id = fields.Many2one(
        "retail.lottery",
        string="Lottery",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    prize_id = fields.Many2one(
        "retail.lottery.prize", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("coupon", "Coupon"), ("points", "Points"), ("gift", "Gift"), ("nothing", "Nothing")],
        required=True,
        readonly=True,
    )
    entries = fields.Json(
        readonly=True, help="What could be won: [[prize, name, weight, how many were left], ...]."
    )
    result = fields.Integer(
        readonly=True, aggregator=None, help="Place in what could be won, from 0."
    )
    entries_text = fields.Text(string="What Could Be Won", compute="_compute_entries_text")
    seed_hash = fields.Char(related="campaign_id.seed_hash")
    points_won = fields.Integer(readonly=True)
    coupon_id = fields.Many2one("loyalty.card", readonly=True)
    state = fields.Selection(
        [
            ("nothing", "Nothing Won"),
            ("given", "Given"),
            ("waiting", "To Hand Out"),
            ("handed_out", "Handed Out"),
            ("expired", "Not Fetched"),
        ],
        required=True,
        readonly=True,
        default="nothing",
        index=True,
    )
    fetch_until = fields.Date(readonly=True, help="Last day on which the gift can be fetched.")
    store_id = fields.Many2one("stock.warehouse", string="Handed Out In", readonly=True)
    handed_out_at = fields.Datetime(string="Handed Out On", readonly=True)
    handed_out_by_id = fields.Many2one("res.users", readonly=True)
    picking_id = fields.Many2one("stock.picking", string="Delivery", readonly=True)

    # === COMPUTE METHODS === #

    @api.depends("entries", "result")
    @api.depends_context("lang")
    def _compute_entries_text(self):
        for record in self:
            lines = []
            for index, (_prize, name, weight, left) in enumerate(record.entries or []):
                mark = "→ " if index == record.result else "   "
                if left is None:
                    text = self.env._("%(name)s: weight %(weight)s", name=name, weight=weight)
                else:
                    text = self.env._(
                        "%(name)s: weight %(weight)s, %(left)s left",
                        name=name,
                        weight=weight,
                        left=left,
                    )
                lines.append(mark + text)
            record.entries_text = "\n".join(lines)

    # === DRAWING === #

    def _play_result_holds(self):
        weights = [weight for _prize, _name, weight, _left in self.entries]
        index = draw(self.seed, weights) if any(weights) else 0
        return index == self.result and self.entries[index][0] == self.prize_id.id

    def _play_text(self):
        _ = self.env._
        if not self:
            return False
        if self.kind == "nothing":
            return _("%(prize)s. Nothing won this time.", prize=self.prize_id.name)
        text = _("%(prize)s is won!", prize=self.prize_id.name)
        if self.kind == "coupon":
            text += "\n" + _("The code is %(code)s.", code=self.coupon_id.code)
        elif self.kind == "points":
            text += "\n" + _("The points are on the member's card.")
        elif self.fetch_until:
            text += "\n" + _(
                "To be handed out until %(date)s.", date=format_date(self.env, self.fetch_until)
            )
        return text

    def _settle(self):
        """Take the price of the draw and give what was won; tell the member."""
        self.ensure_one()
        self._play_take_price()
        self.write(getattr(self, f"_give_{self.kind}")())
        if self.kind != "nothing" and self.partner_id.email:
            template = self.env.ref("retail_promo.mail_template_lottery_won", False)
            if template:
                template.send_mail(self.id)

    def _give_nothing(self):
        return {"state": "nothing"}

    def _give_points(self):
        points = self.prize_id.points
        reason = self.env._("Won in %(lottery)s", lottery=self.campaign_id.name)
        self._play_member()._retail_points(
            points, self.campaign_id, reason, document=f"{self._name},{self.id}"
        )
        return {"state": "given", "points_won": points}

    def _give_coupon(self):
        coupon = self.prize_id.promotion_id._issue_coupon(self.partner_id, self.campaign_id)
        return {"state": "given", "coupon_id": coupon.id}

    def _give_gift(self):
        days = self.campaign_id.gift_days
        until = self.day + timedelta(days=days) if days else False
        return {"state": "waiting", "fetch_until": until}

    # === HANDING OUT === #

    def _hand_out(self, store):
        """Give the gift to the member in a store: its stock goes down by a delivery.

        A delivery and no order: nothing is sold, so neither sales figures nor returns have it,
        and the stock is right the moment the gift is gone.
        """
        self.ensure_one()
        _ = self.env._
        # Of two that hand it out at once, the second one fails and is told when tried again.
        self.lock_for_update()
        if self.state != "waiting":
            raise UserError(
                _(
                    "%(prize)s of %(member)s isn't waiting to be handed out (any more).",
                    prize=self.prize_id.name,
                    member=self.partner_id.name,
                )
            )
        product = self.prize_id.sudo().product_id.with_company(self.company_id)
        there = product.with_context(warehouse_id=store.id).free_qty
        if product.is_storable and float_compare(there, 1.0, precision_digits=3) < 0:
            raise UserError(
                _(
                    "%(store)s has no %(product)s left. Hand it out in another store, or wait "
                    "for the next delivery.",
                    store=store.name,
                    product=product.display_name,
                )
            )
        self.sudo().write(  # the buttons are the only way to the records of draws
            {
                "state": "handed_out",
                "store_id": store.id,
                "handed_out_at": fields.Datetime.now(),
                "handed_out_by_id": self.env.uid,
                "picking_id": self._deliver(store, product).id,
            }
        )

    def _deliver(self, store, product):
        """Return the done delivery of one piece of a product from a store to the member."""
        # Guides hand out gifts without rights on the stock.
        store = store.sudo()
        target = self.sudo().partner_id.property_stock_customer
        picking = (
            self.env["stock.picking"]
            .sudo()
            .with_company(self.company_id)
            .create(
                {
                    "partner_id": self.partner_id.id,
                    "picking_type_id": store.out_type_id.id,
                    "location_id": store.lot_stock_id.id,
                    "location_dest_id": target.id,
                    "origin": self.campaign_id.name,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": 1.0,
                                "product_uom": product.uom_id.id,
                                "location_id": store.lot_stock_id.id,
                                "location_dest_id": target.id,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 1.0, "picked": True})
        picking.with_context(skip_sms=True, skip_backorder=True).button_validate()
        if picking.state != "done":
            raise UserError(
                self.env._(
                    "The delivery of %(product)s could not be made: it needs more than a piece "
                    "count (a lot or serial number). Let the stock department hand it out.",
                    product=product.display_name,
                )
            )
        return picking

    def action_hand_out(self):
        """Ask in which store the gift is handed out."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Out"),
            "res_model": "retail.lottery.hand.out",
            "view_mode": "form",
            "target": "new",
            "context": {"default_draw_id": self.id},
        }

    @api.model
    def _cron_expire(self):
        """Close the gifts that nobody fetched in time."""
        for company in self.env["res.company"].search([]):
            today = self.env["retail.lottery"].new({"company_id": company.id})._play_today()
            late = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "waiting"),
                    ("fetch_until", "<", today),
                ]
            )
            late.write({"state": "expired"})
