from odoo import models

from .account_move_line import INVOICE_HOLD

SALE_TYPES = ("out_invoice", "out_refund")


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        if not {"invoice_line_ids", "line_ids"} & vals.keys():
            return super().write(vals)
        result = super(AccountMove, self._retail_promo_held()).write(vals)
        self._retail_promo_follow()
        return result

    def action_switch_move_type(self):
        result = super(AccountMove, self._retail_promo_held()).action_switch_move_type()
        self._retail_promo_follow()
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        # A credit note begins as the exact opposite; its lines are written one after the other.
        credits = super(AccountMove, self._retail_promo_held())._reverse_moves(
            default_values_list, cancel
        )
        for credit in credits:
            if any(
                order._retail_promo_gives_otherwise() for order in credit._retail_promo_orders()
            ):
                credit.with_context(**{INVOICE_HOLD: False})._retail_promo_follow()
        # Who goes on with the drafts changes quantities that are followed again.
        return credits.with_env(self.env)

    def _stock_account_prepare_realtime_out_lines_vals(self):
        """The cost of a gift is the promotion's, at the value with which it left the stock."""
        vals_list = super()._stock_account_prepare_realtime_out_lines_vals()
        items = self.env["account.move.line"]
        for vals in vals_list:
            origin = items.browse(vals["cogs_origin_id"])
            promotion = origin._retail_promo_gift_lines().retail_gift_of_id[:1]
            if not promotion:
                continue
            # Stock gives the item of the cost its analytics, the item of the stock none.
            is_cost = "analytic_distribution" in vals
            cost = origin._retail_promo_gift_cost()
            if cost is not None:
                vals["amount_currency"] = cost if is_cost else -cost
                vals["price_unit"] = (-cost if is_cost else cost) / (origin.quantity or 1.0)
            if is_cost:
                vals["retail_promotion_id"] = promotion.id
                if promotion.analytic_distribution:
                    vals["analytic_distribution"] = promotion.analytic_distribution
        return vals_list

    def _retail_promo_corrections(self, since):
        """Return what corrects these credit notes: posted on their orders since, newest first."""
        moves = self.line_ids.sale_line_ids.order_id.invoice_ids - self
        return moves.filtered(
            lambda move: move.state == "posted" and move.create_date >= since
        ).sorted("id", reverse=True)

    def _retail_promo_held(self):
        return self.with_context(**{INVOICE_HOLD: True})

    def _retail_promo_follow(self):
        """Let the promotion lines of draft invoices follow the quantities of their goods.

        Who lowers a quantity on a draft invoice or credit note invoices less: the discount on
        it is the part of what is invoiced then, exactly.
        """
        if self.env.context.get(INVOICE_HOLD):
            return
        drafts = self.filtered(lambda move: move.state == "draft" and move.move_type in SALE_TYPES)
        for move in drafts.with_context(**{INVOICE_HOLD: True}):
            lines = move.invoice_line_ids.filtered("retail_promotion_id")
            for line in lines:
                line._retail_promo_follow()
            # Nothing is collected with a credit note: what its goods don't cover stays.
            for line in lines if move.move_type == "out_refund" else ():
                if move.amount_total < 0:
                    line._retail_promo_follow(leave=-move.amount_total)
