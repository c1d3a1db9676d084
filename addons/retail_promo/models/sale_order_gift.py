"""Gifts and free delivery: what promotions give on an order besides money off its goods."""

from odoo import models
from odoo.fields import Command

from . import promotion_snapshot as snapshot


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # === GIFTS === #

    def _retail_promo_set_gifts(self, outcome):
        """Make the gift lines what an outcome allows. Return whether any line was written.

        A gift is a line of its own at its usual price; the promotion line takes it to zero. What
        the customer buys is never touched, also when it is the same product.
        """
        self.ensure_one()
        entries = [entry for entry in outcome["applied"] if "gifts" in entry] if outcome else []
        present = self.order_line.filtered("retail_gift_of_id")
        if not entries and not present:
            return False
        wanted = {}
        for entry in entries:
            for product, qty in self._retail_promo_choose_gifts(entry, present).items():
                wanted[entry["program"], product.id] = qty
        commands = self._retail_promo_gift_commands(present, wanted)
        if commands:
            self._retail_promo_held().write({"order_line": commands})
        return bool(commands)

    def _retail_promo_gift_commands(self, present, wanted):
        """Return the line commands that turn the present gift lines into the wanted ones.

        wanted: {(promotion id, product id): units}
        """
        commands = []
        missing = dict(wanted)
        for line in present:
            qty = missing.pop((line.retail_gift_of_id.id, line.product_id.id), None)
            if qty is None:
                commands.append(Command.delete(line.id))
                continue
            changes = line._retail_promo_changes(
                {"product_uom_id": line.product_id.uom_id.id, "product_uom_qty": float(qty)}
            )
            if changes:
                commands.append(Command.update(line.id, changes))
        sequence = self._retail_promo_sequence()["sequence"] if missing else None
        commands += [
            Command.create(
                {
                    "product_id": product_id,
                    "product_uom_qty": float(qty),
                    "retail_gift_of_id": promotion_id,
                    "sequence": sequence,
                }
            )
            for (promotion_id, product_id), qty in missing.items()
        ]
        return commands

    def _retail_promo_choose_gifts(self, entry, present):
        """Return {product: units} of the gifts of an applied promotion, as far as stock has them.

        What is on the order already goes first, so that a choice made there stays.
        """
        options = self.env["product.product"].sudo().browse(entry["gifts"]["options"]).exists()
        options = options.filtered("active")
        ours = present.filtered(lambda line: line.retail_gift_of_id.id == entry["program"])
        chosen = ours.product_id.filtered(lambda product: product in options)
        left = entry["gifts"]["units"]
        gifts = {}
        for product in chosen.sudo() | options:
            stock = self._retail_promo_gift_stock(product, entry["program"])
            taken = left if stock is None else min(left, max(0, int(stock)))
            if taken:
                gifts[product] = taken
                left -= taken
        return gifts

    def _retail_promo_gift_stock(self, product, promotion_id):
        """Return how many of a product a promotion may give, None when stock doesn't count it."""
        if not product.is_storable:
            return None
        others = self.order_line.filtered(
            lambda line: line.product_id == product and line.retail_gift_of_id.id != promotion_id
        )
        free = product.with_context(warehouse_id=self.warehouse_id.id).free_qty
        return free - sum(
            line.product_uom_id._compute_quantity(line.product_uom_qty, product.uom_id)
            for line in others
        )

    # === DELIVERY === #

    def _retail_promo_free_delivery(self, outcome):
        """Let the first promotion that frees delivery take the delivery lines to zero.

        The engine doesn't know what delivery costs: its outcome is completed here.
        """
        entry = next((entry for entry in outcome["applied"] if entry.get("delivery")), None)
        if entry is None:
            return
        for line in self.order_line.filtered(lambda line: line._is_delivery()):
            amount = snapshot.to_minor(line.currency_id, line._retail_promo_amount())
            if amount > 0:
                entry["amount"] += amount
                discounts = [{"program": entry["program"], "amount": amount}]
                outcome["lines"].append({"id": line.id, "net": 0, "discounts": discounts})
