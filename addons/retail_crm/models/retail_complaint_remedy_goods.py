from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RetailComplaintRemedy(models.Model):
    """Remedies with goods: taken back, exchanged, sent again, repaired."""

    _inherit = "retail.complaint.remedy"

    def _goods_price(self):
        """Return what the customer paid for the goods, else what they cost in the shop."""
        line = self.sale_line_id
        if line.product_uom_qty and line.product_id == self.product_id:
            price = line.price_total / line.product_uom_qty
            return line.currency_id._convert(
                price * self.quantity,
                self.currency_id or line.company_id.currency_id,
                line.company_id,
                fields.Date.context_today(self),
            )
        return self.product_id.lst_price * self.quantity

    def _check_goods(self):
        if not self.product_id:
            raise UserError(self.env._("Choose the goods."))
        if not self.quantity:
            raise UserError(self.env._("Say how many."))
        if self.kind == "repair":
            self._check_repair()
        if self.kind in ("return", "exchange"):
            self._check_delivered()

    @api.model
    def _repairs_installed(self):
        return "repair.order" in self.env

    def _check_repair(self):
        if not self._repairs_installed():
            raise UserError(
                self.env._("Repairs are not installed: choose another remedy, or ask for them.")
            )
        if self._lot_number() and not self._lot():
            raise UserError(
                self.env._(
                    "%(product)s has no serial number %(number)s: read it again from the goods, "
                    "or leave it out.",
                    product=self.product_id.display_name,
                    number=self._lot_number(),
                )
            )

    def _lot_number(self):
        return (self.lot_number or "").strip()

    def _lot(self):
        """Return the lot of the goods with the number that the customer read out."""
        # Service agents have no rights on stock.
        return (
            self.env["stock.lot"]
            .sudo()
            .search(
                [
                    ("product_id", "=", self.product_id.id),
                    ("name", "=", self._lot_number()),
                    ("company_id", "in", [False, self.company_id.id]),
                ],
                limit=1,
            )
        )

    def _check_delivered(self):
        if not self.sale_line_id:
            raise UserError(
                self.env._(
                    "Choose the line of the order whose goods come back. Goods of a till "
                    "receipt come back at the till."
                )
            )
        left = self._deliveries_left()
        if sum(left.values()) < self.quantity:
            raise UserError(
                self.env._(
                    "Only %(left)g of %(product)s can come back: so many were delivered and not "
                    "returned yet.",
                    left=sum(left.values()),
                    product=self.product_id.display_name,
                )
            )

    def _deliveries_left(self):
        """Return {delivered move: quantity not returned nor about to be}, oldest first."""
        # Service agents have no rights on stock; they are told only what can come back.
        moves = self.sale_line_id.sudo().move_ids.filtered(
            lambda move: move.state == "done" and move.location_dest_usage == "customer"
        )
        left = {}
        for move in moves.sorted("date"):
            back = move.returned_move_ids.filtered(lambda one: one.state != "cancel")
            rest = move.quantity - sum(
                one.quantity if one.state == "done" else one.product_uom_qty for one in back
            )
            if rest > 0:
                left[move] = rest
        return left

    def _check_window(self):
        """Refuse what comes after the days of return, unless a store manager decides."""
        days = self.company_id.retail_return_days
        dates = self._delivery_dates()
        if not (days and dates) or self.env.user.has_group("retail_crm.group_store_manager"):
            return
        if max(dates) + timedelta(days=days) < fields.Datetime.now():
            raise UserError(
                self.env._(
                    "The goods were delivered more than %(days)s days ago: only a store manager "
                    "may still take them back.",
                    days=days,
                )
            )

    def _delivery_dates(self):
        """Return when the customer got the goods."""
        moves = self.sale_line_id.sudo().move_ids.filtered(lambda move: move.state == "done")
        return [move.date for move in moves if move.location_dest_usage == "customer"]

    # === MAKING === #

    def _make_return(self):
        """Make the receipt by which the goods come back."""
        left = self.quantity
        for move, rest in self._deliveries_left().items():
            if left <= 0:
                break
            wizard = self.env["stock.return.picking"].create({"picking_id": move.picking_id.id})
            lines = wizard.product_return_moves
            lines.quantity = 0
            lines.filtered(lambda line: line.move_id == move).quantity = min(rest, left)  # noqa: B023
            left -= min(rest, left)
            self.picking_id = wizard._create_return()
            self.picking_id.origin = f"{self.picking_id.origin}, {self.ticket_id.number}"

    def _make_exchange(self):
        self._make_return()
        self._make_reship()

    def _make_reship(self):
        """Make an order without a price, whose delivery is the replacement."""
        ticket = self.ticket_id
        old = ticket.sale_order_id
        self.new_order_id = self.env["sale.order"].create(
            {
                "partner_id": ticket.partner_id.id,
                "partner_shipping_id": (old.partner_shipping_id or ticket.partner_id).id,
                "company_id": self.company_id.id,
                "origin": ", ".join(filter(None, (old.name, ticket.number))),
                "retail_store_id": ticket.retail_store_id.id or old.retail_store_id.id,
                **({"warehouse_id": old.warehouse_id.id} if old else {}),
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product_id.id,
                            "product_uom_qty": self.quantity,
                            "price_unit": 0,
                            "technical_price_unit": 0,
                        }
                    )
                ],
            }
        )
        self.new_order_id.action_confirm()

    def _make_repair(self):
        """Make a repair order, in the store of the request if it names one."""
        ticket = self.ticket_id
        back = Markup('<p><a href="/odoo/helpdesk.ticket/%s">%s</a></p>')
        place = ticket.retail_store_id.repair_type_id
        repair = (
            self.env["repair.order"]
            .with_company(self.company_id)
            .create(
                {
                    "product_id": self.product_id.id,
                    "product_qty": self.quantity,
                    "lot_id": self._lot_number() and self._lot().id,
                    "partner_id": ticket.partner_id.id,
                    "company_id": self.company_id.id,
                    **({"picking_type_id": place.id} if place else {}),
                    "internal_notes": back % (ticket.id, ticket.display_name),
                }
            )
        )
        self.document = f"repair.order,{repair.id}"

    def _cost(self):
        """Return what the remedy costs the shop, in its currency."""
        if self.kind in ("exchange", "reship"):
            product = self.product_id.with_company(self.company_id)
            return product.standard_price * self.quantity
        return 0 if self.kind == "return" else self.amount
