"""What is left of an order's promotions when part of its goods comes back.

The kept basket is evaluated as the sale was: at its moment, with the versions, the member and
the limits that are stored with it. What the promotions give less on it is taken back; what the
kept goods would cost above what was agreed is not collected.
"""

from odoo import models

from ..promo_engine import consumption, evaluate, largest_remainder, mul_div
from . import promotion_snapshot as snapshot
from .promotion_tax import discountable_taxes

# Rejections that a smaller basket may undo: these rules are kept with the sale, too.
OPEN_REJECTIONS = frozenset(
    {
        "group_worse",
        "group_exclusive",
        "no_matching_line",
        "no_target_line",
        "min_qty",
        "min_amount",
        "zero_discount",
    }
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _retail_promo_take(self):
        # What the order itself takes is no obstacle to what it keeps.
        self.retail_promo_sale = self._retail_promo_sale_values()
        return super()._retail_promo_take()

    def _retail_promo_sale_values(self):
        """Return what a return needs of the sale: {cart without lines, programs, floors}.

        programs: [[program, version]]; floors: see promotion_snapshot.sold_floors.
        """
        lines = self.order_line.filtered("retail_promotion_id")
        if not lines:
            return False
        outcome = self._retail_promo_outcome() or {"rejected": []}
        current = {
            program.id: program.version
            for program in self.env["retail.promotion"]._engine_index(self.company_id.id).programs
        }
        versions = {
            entry["program"]: current[entry["program"]]
            for entry in outcome["rejected"]
            if entry["reason"] in OPEN_REJECTIONS
        }
        versions.update(
            {line.retail_promotion_id.id: line.retail_promotion_version for line in lines}
        )
        cart = self._retail_promo_cart(None)
        floors = snapshot.sold_floors(cart.pop("lines"))
        return {"cart": cart, "programs": sorted(versions.items()), "floors": floors}

    # === THE KEPT BASKET === #

    def _retail_promo_kept(self, invoiced=True):
        """Return {line: quantity} of what is kept when goods were credited, nothing else.

        invoiced: of what stands on invoices; if not, once all is invoiced that can be.
        """
        self.ensure_one()
        if not self.retail_promo_sale:
            return {}
        goods = self._retail_promo_goods()
        kept = {
            line: line._retail_promo_kept_qty(
                None if invoiced else line._retail_promo_invoiceable()
            )
            for line in goods
        }
        return kept if any(kept[line] < line.product_uom_qty for line in goods) else {}

    def _retail_promo_kept_outcome(self, kept):
        """Return (outcome, lines of the cart) of the kept basket; kept: {line: quantity}."""
        sale = self.retail_promo_sale
        promotions = self.env["retail.promotion"].sudo()
        programs = [
            promotions.browse(program)._engine_program_at(version)
            for program, version in sale["programs"]
        ]
        groups = promotions._engine_input(self.company_id)["groups"]
        kept_lines = [
            _kept_line(snapshot.order_line_dict(line), line.product_uom_qty, qty)
            for line, qty in kept.items()
            if qty > 0
        ]
        lines = [snapshot.with_floor(line, sale.get("floors")) for line in kept_lines]
        return evaluate({**sale["cart"], "lines": lines}, programs, groups), lines

    def _retail_promo_kept_shares(self, kept, agreed=None):
        """Return {(promotion id, tax ids): {line id as text: minor units}} of the kept basket.

        agreed: minor units that the sold basket costs after its promotions, by default what
        it costs now.
        """
        outcome, lines = self._retail_promo_kept_outcome(kept)
        wanted = self._retail_promo_wanted(outcome)
        if agreed is None:
            agreed = self._retail_promo_agreed_total()
        given = sum(sum(shares.values()) for shares in wanted.values())
        gross = sum(line["amount"] for line in lines)
        most = sum(
            sum((line.retail_shares or {}).values())
            for line in self.order_line.filtered("retail_promotion_id")
        )
        # Never more than was given, never less than leaves the agreed price standing.
        target = min(most, max(given, gross - agreed))
        if target < given:
            return _scaled(wanted, target)
        if target > given:
            self._retail_promo_add_shortfall(wanted, outcome, target - given)
        return wanted

    def _retail_promo_agreed_total(self):
        """Return what the goods cost after their promotions, in minor units."""
        goods = self._retail_promo_goods()
        gross = sum(snapshot.order_line_dict(line)["amount"] for line in goods)
        ours = self.order_line.filtered("retail_promotion_id")
        return gross - sum(sum((line.retail_shares or {}).values()) for line in ours)

    def _retail_promo_invoiced_total(self, moves):
        """Return what these invoices and credit notes of the order cost together, rounded."""
        self.ensure_one()
        lines = self.order_line.invoice_lines.filtered(lambda line: line.move_id in moves)
        return self.currency_id.round(
            sum(
                -line.price_total if line.move_id.move_type == "out_refund" else line.price_total
                for line in lines
            )
        )

    def _retail_promo_add_shortfall(self, wanted, outcome, amount):
        """Leave so much of the first promotion standing: what the customer needn't pay more."""
        promotion = self.order_line.filtered("retail_promotion_id")[:1].retail_promotion_id
        nets = {str(line["id"]): line["net"] for line in outcome["lines"] if line["net"] > 0}
        parts = largest_remainder(amount, list(nets.values())) if nets else []
        lines = {str(line.id): line for line in self.order_line}
        for (line_id, _net), part in zip(nets.items(), parts, strict=True):
            taxes = tuple(sorted(discountable_taxes(lines[line_id].tax_ids).ids))
            shares = wanted.setdefault((promotion.id, taxes), {})
            if part:
                shares[line_id] = shares.get(line_id, 0) + part

    # === ORDERED LESS === #

    def _retail_promo_ordered_less(self, agreed):
        """Goods of a confirmed order aren't wanted any more: evaluate what is kept.

        agreed: see _retail_promo_kept_shares, of before.
        """
        self.ensure_one()
        ours = self.order_line.filtered("retail_promotion_id")
        if not ours or not self.retail_promo_sale:
            return
        self._retail_promo_wait()
        before = {line: line.price_total for line in ours}
        kept = {line: line.product_uom_qty for line in self._retail_promo_goods()}
        wanted = self._retail_promo_kept_shares(kept, agreed)
        versions = dict(self.retail_promo_sale["programs"])
        present = {line._retail_promo_line_key() for line in ours}
        # A line that is on invoices can't go: it stays, giving nothing.
        for key in present - wanted.keys():
            wanted[key] = {}
        commands = self._retail_promo_commands(wanted, versions)
        if commands:
            self._retail_promo_held().write({"order_line": commands})
            self._retail_promo_record()
            self._retail_promo_tell_taken_back(before)
        self._retail_promo_keep_usage(kept, wanted)

    def _retail_promo_wait(self):
        """Note that invoices give another amount than is due until the next one."""
        self.retail_promo_sale = {**self.retail_promo_sale, "lowered": True}

    def _retail_promo_tell_taken_back(self, before):
        """Say in the order's chatter what is taken back, line by line."""
        told = [
            self.env._(
                "%(promotion)s: %(before)s before, %(now)s now",
                promotion=line.name,
                before=self.currency_id.format(-amount),
                now=self.currency_id.format(-line.price_total),
            )
            for line, amount in before.items()
            if line.price_total != amount
        ]
        if told:
            self.message_post(
                body=self.env._(
                    "Less is kept than was ordered, so the promotions were evaluated again. %s",
                    "; ".join(told),
                )
            )

    # === LIMITS === #

    def _retail_promo_keep_usage(self, kept, wanted):
        """Leave in the ledger of limits what the kept goods take."""
        outcome, _lines = self._retail_promo_kept_outcome(kept)
        units = {entry["program"]: entry["units"] for entry in consumption(outcome)}
        amounts = {}
        for (promotion, _taxes), shares in wanted.items():
            amounts[promotion] = amounts.get(promotion, 0) + sum(shares.values())
        taken = [
            {"program": key, "orders": 1, "units": units.get(key, 0), "amount": amount}
            for key, amount in amounts.items()
            if amount
        ]
        self.env["retail.promotion.usage"]._settle(
            self._retail_promo_usage_header(), self._retail_promo_entries(taken), force=True
        )

    def _retail_promo_follow_credit(self, move):
        """Goods were credited, or invoiced after all: the ledger of limits keeps what is kept.

        Credit notes take back what the kept goods don't earn. What one doesn't, because somebody
        changed it or because the order has no line for it, is filed for a manager.
        """
        self.ensure_one()
        kept = self._retail_promo_kept()
        ours = self.order_line.filtered("retail_promotion_id")
        if kept:
            self._retail_promo_keep_usage(kept, self._retail_promo_kept_shares(kept))
            gap = self._retail_promo_kept_gap()
            if gap > 0 or self._retail_promo_leaves_open(move):
                self._retail_promo_wait()
            if gap and move.move_type == "out_refund":
                self._retail_promo_file_kept(move)
            return
        whole = {line: line.product_uom_qty for line in self._retail_promo_goods()}
        shares = {line._retail_promo_line_key(): line.retail_shares or {} for line in ours}
        if self._retail_promo_uses_other(shares):
            self._retail_promo_keep_usage(whole, shares)

    def _retail_promo_corrections(self, since):
        """Return what corrects these orders: credit notes posted since, newest first."""
        return self.invoice_ids.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.state == "posted"
                and move.create_date >= since
            )
        ).sorted("id", reverse=True)

    def _retail_promo_uses_other(self, shares):
        """Tell whether the ledger of limits holds other amounts than the order's shares."""
        amounts = {}
        for (promotion, _taxes), parts in shares.items():
            amounts[promotion] = amounts.get(promotion, 0) + sum(parts.values())
        return any(
            row.state != "consumed"
            or snapshot.to_minor(self.currency_id, row.amount)
            != amounts.get(row.promotion_id.id, 0)
            for row in self._retail_promo_rows()
        )

    def _retail_promo_kept_due(self, invoiced=True):
        """Return what the kept goods are due on invoices, None when nothing was credited.

        {(promotion id, tax ids): minor units}; invoiced: see _retail_promo_kept.
        """
        kept = self._retail_promo_kept(invoiced)
        if not kept:
            return None
        lines = {str(line.id): line for line in kept}
        return {
            key: sum(
                lines[line_id]._retail_promo_part(share, invoiced, kept[lines[line_id]])
                for line_id, share in parts.items()
            )
            for key, parts in self._retail_promo_kept_shares(kept).items()
        }

    def _retail_promo_taken_back(self, credited):
        """Return what a credit note of these quantities takes back of promotions, with tax.

        credited: {line: quantity}.
        """
        self.ensure_one()
        goods = self._retail_promo_goods()
        standing = {line: max(0.0, line.qty_invoiced - credited.get(line, 0)) for line in goods}
        kept = {line: line._retail_promo_kept_qty(standing[line]) for line in goods}
        lines = {str(line.id): line for line in goods}
        shares = self._retail_promo_kept_shares(kept)
        total = 0.0
        for ours in self.order_line.filtered("retail_promotion_id"):
            left = sum(
                lines[line_id]._retail_promo_part(
                    share, True, kept[lines[line_id]], standing[lines[line_id]]
                )
                for line_id, share in shares.get(ours._retail_promo_line_key(), {}).items()
            )
            taken = snapshot.from_minor(self.currency_id, ours._retail_promo_given() - left)
            if ours._retail_promo_basis() == "excluded" and ours.price_subtotal:
                taken *= ours.price_total / ours.price_subtotal
            total += taken
        return max(0.0, self.currency_id.round(total))

    def _retail_promo_kept_amounts(self):
        """Return what invoices are to give and what they give, {promotion id: minor units} each."""
        ours = self.order_line.filtered("retail_promotion_id")
        parts = self._retail_promo_kept_due()
        if parts is None:
            parts = {line._retail_promo_line_key(): line._retail_promo_due(True) for line in ours}
        due, given = {}, {}
        for (promotion, _taxes), part in parts.items():
            due[promotion] = due.get(promotion, 0) + part
        for line in ours:
            key = line.retail_promotion_id.id
            given[key] = given.get(key, 0) + line._retail_promo_given()
        return due, given

    def _retail_promo_kept_gap(self):
        """Return what invoices give above what the kept goods earn, in minor units.

        Parts are cut to whole cents: each line of goods may cost one, which is no gap.
        """
        due, given = self._retail_promo_kept_amounts()
        gap = sum(given.values()) - sum(due.values())
        ours = self.order_line.filtered("retail_promotion_id")
        return gap if abs(gap) > len(ours) * len(self._retail_promo_goods()) else 0

    def _retail_promo_gives_otherwise(self):
        """Tell whether a promotion line gives another amount on invoices than is due.

        Not where more is credited than was invoiced: somebody made a credit note twice.
        """
        if any(line.qty_invoiced < 0 for line in self._retail_promo_goods()):
            return False
        ours = self.order_line.filtered("retail_promotion_id")
        return any(line._retail_promo_apart() for line in ours)

    def _retail_promo_leaves_open(self, move):
        """Tell whether this invoice or credit note leaves something to the next one.

        When goods are credited, what the kept ones earn lies on other lines than before: those
        on other invoices are due more or less. And a credit note collects nothing. A line that
        is on this one and gives too little was changed by somebody: that waits for nothing.
        """
        ours = self.order_line.filtered("retail_promotion_id")
        here = move.sudo().invoice_line_ids.sale_line_ids
        return any(
            line._retail_promo_apart() > 0 or (line not in here and line._retail_promo_apart())
            for line in ours
        )

    def _retail_promo_file_kept(self, move):
        """File a credit note after which another discount is kept than is due."""
        due, given = self._retail_promo_kept_amounts()
        currency = self.currency_id
        self.env["retail.promotion.difference"]._file(
            move,
            {
                "name": move.name,
                "sold_at": self.date_order,
                "company_id": self.company_id.id,
                "currency_id": currency.id,
                "store_id": self.retail_store_id.id,
                "partner_id": self.partner_id.id,
                "user_id": self.env.uid,
                "till_outcome": given,
                "server_outcome": due,
                "till_amount": snapshot.from_minor(currency, sum(given.values())),
                "server_amount": snapshot.from_minor(currency, sum(due.values())),
                "reason": self.env._(
                    "After this credit note the customer keeps another discount than the kept "
                    "goods earn. Lower the quantity on %(order)s and invoice that: it takes back "
                    "or gives what is due.",
                    order=self.name,
                ),
            },
        )

    def _retail_promo_kept_texts(self):
        """Say of each promotion what it gives on what is kept after a credit note."""
        if not any(self._retail_promo_kept().values()):
            return []
        due, given = self._retail_promo_kept_amounts()
        promotions = self.env["retail.promotion"].sudo().browse({**given, **due})
        money = self.currency_id
        return [
            self.env._(
                "%(promotion)s gives %(due)s on what is kept of %(order)s.",
                promotion=promotion.name,
                due=money.format(snapshot.from_minor(money, due.get(promotion.id, 0))),
                order=self.name,
            )
            for promotion in promotions
        ]


def _kept_line(line, ordered, kept):
    """Return a line of the cart with its kept part; quantities in the order's unit."""
    whole, part = round(ordered * snapshot.QTY_ONE), round(kept * snapshot.QTY_ONE)
    if part >= whole:
        return line
    return {
        **line,
        "qty": mul_div(line["qty"], part, whole),
        "amount": mul_div(line["amount"], part, whole),
    }


def _scaled(wanted, target):
    """Return the shares lowered so that their sum is target."""
    places = [(key, line_id) for key, shares in wanted.items() for line_id in shares]
    weights = [wanted[key][line_id] for key, line_id in places]
    scaled = {key: {} for key in wanted}
    for (key, line_id), part in zip(places, largest_remainder(target, weights), strict=True):
        scaled[key][line_id] = part
    return scaled
