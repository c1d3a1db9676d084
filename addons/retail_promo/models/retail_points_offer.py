from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .promotion_snapshot import member_of


class RetailPointsOffer(models.Model):
    """What members can have for their points: a coupon, or a product as a gift."""

    _name = "retail.points.offer"
    _description = "Points Offer"
    _order = "points, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    description = fields.Text(translate=True)
    image_1920 = fields.Image("Picture", max_width=1920, max_height=1920)
    points = fields.Integer(string="Costs Points", required=True)
    kind = fields.Selection(
        [("coupon", "A coupon"), ("gift", "A product as a gift")], required=True, default="coupon"
    )
    promotion_id = fields.Many2one(
        "retail.promotion",
        check_company=True,
        domain="[('needs_coupon', '=', True), ('company_id', '=', company_id)]",
        help="The promotion whose coupon the member gets.",
    )
    product_id = fields.Many2one("product.product", check_company=True, string="Gift")
    date_from = fields.Datetime(string="From")
    date_to = fields.Datetime(string="Until", help="It can be had until just before.")
    class_ids = fields.Many2many(
        "retail.customer.class", string="Member Classes", help="Empty: all members."
    )
    stock = fields.Integer(
        string="Number in All", help="How often it can be had in all. 0: as often as one likes."
    )
    redemption_ids = fields.One2many("retail.points.redemption", "offer_id")
    taken = fields.Integer(compute="_compute_taken", string="Had by Members")
    left = fields.Integer(compute="_compute_taken")

    _points_positive = models.Constraint("CHECK(points > 0)", "An offer costs one point at least.")
    _stock_positive = models.Constraint("CHECK(stock >= 0)", "The number can't be negative.")
    _period = models.Constraint(
        "CHECK(date_from IS NULL OR date_to IS NULL OR date_from < date_to)",
        "An offer ends after it starts.",
    )
    _what = models.Constraint(
        "CHECK((kind = 'coupon' AND promotion_id IS NOT NULL)"
        " OR (kind = 'gift' AND product_id IS NOT NULL))",
        "Say which promotion's coupon, or which product, the member gets.",
    )

    @api.depends("redemption_ids.state", "stock")
    def _compute_taken(self):
        # Everybody may know how many are left, not who had them.
        rows = self.env["retail.points.redemption"].sudo()
        domain = [("offer_id", "in", self.ids), ("state", "!=", "cancelled")]
        taken = dict(rows._read_group(domain, ["offer_id"], ["__count"]))
        for offer in self:
            offer.taken = taken.get(offer._origin, 0)
            offer.left = max(0, offer.stock - offer.taken) if offer.stock else 0

    def _redeem(self, partner, store=None, key=None):
        """Give a member what the offer is for its points; return the retail.points.redemption.

        store: a stock.warehouse that a gift leaves from. key: of the request; the same one again
        changes nothing and returns what it redeemed. Raises UserError with the reason when
        it can't be had. Of two members at the last one, one gets it. Checks no right.
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL("SELECT id FROM retail_points_offer WHERE id = %s FOR UPDATE", self.id)
        )
        self.invalidate_recordset(["taken", "left"])
        # Members' redemptions are the system's to write.
        redemptions = self.env["retail.points.redemption"].sudo()
        if key and (done := redemptions.search([("request_key", "=", key)], limit=1)):
            return done
        company = self.company_id
        partner = partner.with_company(company)
        reason = self._refusal(partner)
        if reason:
            raise UserError(reason)
        card = partner._retail_point_card(company._retail_points_program(required=True))
        partner._retail_check_points(card, self.points)
        redemption = redemptions.create(
            {
                "offer_id": self.id,
                "partner_id": member_of(partner).id,
                "points": self.points,
                "store_id": store.id if store else False,
                "user_id": self.env.uid,
                "request_key": key,
            }
        )
        partner._retail_points(
            -self.points, self.name, self.name, document=redemption._points_key()
        )
        redemption._give()
        return redemption

    def _refusal(self, partner):
        """Return why a member can't have the offer now, None when nothing is in the way."""
        _ = self.env._
        now = fields.Datetime.now()
        member = member_of(partner)
        if not member:
            return _("%(name)s is no member: only members have points.", name=partner.display_name)
        if not self.active or (self.date_to and self.date_to <= now):
            return _("%(offer)s is over.", offer=self.name)
        if self.date_from and self.date_from > now:
            return _("%(offer)s hasn't started yet.", offer=self.name)
        if self.class_ids and member.retail_class_id not in self.class_ids:
            names = ", ".join(self.class_ids.mapped("name"))
            return _("%(offer)s is for members of: %(names)s.", offer=self.name, names=names)
        if self.stock and not self.left:
            return _("%(offer)s: none is left.", offer=self.name)
        return None
