from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RetailPointsRedemption(models.Model):
    """An offer that a member had for points, and what became of it."""

    _name = "retail.points.redemption"
    _description = "Points Redemption"
    _order = "id desc"
    _rec_name = "offer_id"

    offer_id = fields.Many2one(
        "retail.points.offer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="offer_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, readonly=True, index=True
    )
    points = fields.Integer(readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    coupon_id = fields.Many2one("loyalty.card", readonly=True)
    picking_id = fields.Many2one("stock.picking", string="Hand-Over", readonly=True)
    request_key = fields.Char(readonly=True, help="What the till called its request.")
    state = fields.Selection(
        [("done", "Redeemed"), ("cancelled", "Cancelled")],
        required=True,
        default="done",
        readonly=True,
        index=True,
    )

    _request_uniq = models.UniqueIndex(
        "(request_key) WHERE request_key IS NOT NULL", "A request redeems only once."
    )

    def _points_key(self):
        return f"{self._name},{self.id}"

    def _give(self):
        """Issue the coupon, or prepare the gift to be handed over."""
        self.ensure_one()
        offer = self.offer_id
        if offer.kind == "coupon":
            # The book of redemptions and the coupon are the system's.
            self.coupon_id = offer.promotion_id.sudo()._issue_coupon(
                self.partner_id, offer.name, store=self.store_id
            )
        elif offer.product_id.type == "consu":
            self.picking_id = self._make_picking()

    def _make_picking(self):
        """Return the transfer that takes the gift out of the store's stock."""
        store = self.store_id or self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)], limit=1
        )
        operation = store.out_type_id
        product = self.offer_id.product_id
        target = self.partner_id.property_stock_customer
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "partner_id": self.partner_id.id,
                "location_id": store.lot_stock_id.id,
                "location_dest_id": target.id,
                "origin": self.offer_id.name,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "product_uom": product.uom_id.id,
                            "location_id": store.lot_stock_id.id,
                            "location_dest_id": target.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def action_cancel(self):
        """Give the points back; what was handed over or used already stays."""
        self.check_access("read")
        for redemption in self:
            redemption._check_cancel()
            # Managers of promotions have no general right on what is taken back here.
            row = redemption.sudo()
            if row.coupon_id:
                row.coupon_id.action_retail_cancel()
            row.picking_id.action_cancel()
            row.state = "cancelled"
            row.partner_id.with_company(row.company_id)._retail_points(
                row.points,
                row.offer_id.name,
                self.env._("%(offer)s was cancelled", offer=row.offer_id.name),
                kind="used",
                document=f"{row._points_key()},cancelled",
            )
        return True

    def _check_cancel(self):
        if self.state == "cancelled":
            raise UserError(self.env._("This was cancelled already."))
        row = self.sudo()  # what stands in the way is told, whatever else one may read
        if row.coupon_id and row.coupon_id.retail_state == "used":
            raise UserError(self.env._("The coupon was used: the points can't come back."))
        if row.picking_id.state == "done":
            raise UserError(self.env._("The gift was handed over: the points can't come back."))
