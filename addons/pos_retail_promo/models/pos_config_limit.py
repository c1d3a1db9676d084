"""What a till asks the server for before it may give a limited promotion.

Online it reserves what an order wishes just before the payment opens. For the time without a
connection it has its share of what is left set aside.
"""

from odoo import fields, models
from odoo.addons.retail_promo.models import promotion_snapshot as snapshot
from odoo.addons.retail_promo.models.promotion_limits import SCOPES
from odoo.exceptions import AccessError, UserError

RESERVED_SECONDS = 600  # from the payment screen to the paid order
HOUR_SECONDS = 3600


class PosConfig(models.Model):
    _inherit = "pos.config"

    retail_slice_percent = fields.Float(
        string="Share for Offline Sales (%)",
        default=5.0,
        help="So much of what is left of a limited promotion is set aside for this till, so that "
        "it can give it without a connection. 0: without a connection it gives none.",
    )
    retail_slice_hours = fields.Integer(
        string="Share Held (Hours)",
        default=12,
        help="After so many hours without a connection the share is free for others again.",
    )

    _retail_slice_range = models.Constraint(
        "CHECK(retail_slice_percent >= 0 AND retail_slice_percent <= 100"
        " AND retail_slice_hours > 0)",
        "A till's share lies between 0 and 100 percent, and is held for an hour at least.",
    )

    # === CALLED BY TILLS === #

    def retail_promo_reserve(self, order_uuid, wishes, partner_id=False):
        """Set aside what an order wishes of limited promotions, for some minutes.

        wishes: [{program, orders, units, amount}] as the engine's consumption tells.
        Returns {"granted": {program: {orders, units, amount}}, "used": the engine's `used` for
        this order, "seconds": how long it is held}. Amounts in minor units.
        """
        self._retail_promo_check_till()
        usage = self.env["retail.promotion.usage"]
        usage._free_expired()
        document = self._retail_promo_document(order_uuid)
        cart = self._retail_promo_cart_of(partner_id)
        currency = self.currency_id
        live = self._retail_promo_limited()
        entries = [
            {
                "promotion_id": int(wish["program"]),
                "version": self._retail_promo_version(int(wish["program"])),
                "orders": 1,
                "units": max(0, int(wish["units"])),
                "amount": snapshot.from_minor(currency, max(0, int(wish["amount"]))),
            }
            for wish in wishes
            if int(wish["program"]) in live
        ]
        header = self._retail_promo_usage_header(
            document, cart, self.env._("%s: open order", self.name)
        )
        # Until the order is here, the till stands for it.
        header.update(res_model=self._name, res_id=self.id)
        granted = usage._reserve(header, entries, RESERVED_SECONDS)
        own = usage._of_document(document) | self._retail_promo_slices()
        return {
            "granted": {
                str(program): {**taken, "amount": snapshot.to_minor(currency, taken["amount"])}
                for program, taken in granted.items()
            },
            "used": self.env["retail.promotion"]._limits_used(self.company_id, cart, own),
            "seconds": RESERVED_SECONDS,
        }

    def retail_promo_renew(self, order_uuid):
        """Hold an order's reservation longer. Returns whether there is still one."""
        self._retail_promo_check_till()
        rows = self.env["retail.promotion.usage"]._renew(
            [self._retail_promo_document(order_uuid)], RESERVED_SECONDS
        )
        return bool(rows)

    def retail_promo_release(self, order_uuid):
        """An order isn't paid after all: free what was reserved for it."""
        self._retail_promo_check_till()
        usage = self.env["retail.promotion.usage"]
        document = self._retail_promo_document(order_uuid)
        if all(row.state == "reserved" for row in usage._of_document(document)):
            usage._release([document])
        return True

    def retail_promo_slices(self):
        """Set this till's share aside anew and tell what it may give without a connection.

        Returns {"slices": {program: {orders, units, amount}}, "used": the engine's `used` for
        customers who are no members, "until": UTC text}.
        """
        self._retail_promo_check_till()
        usage = self.env["retail.promotion.usage"]
        usage._free_expired()
        cart = self._retail_promo_cart_of(False)
        header = self._retail_promo_usage_header(self._retail_promo_slice_key(), cart, self.name)
        header.update(kind="slice", res_model=self._name, res_id=self.id)
        granted = usage._reserve(
            header, self._retail_promo_slice_wishes(cart), self.retail_slice_hours * HOUR_SECONDS
        )
        rows = self._retail_promo_slices()
        return {
            "slices": {
                str(program): {
                    **taken,
                    "amount": snapshot.to_minor(self.currency_id, taken["amount"]),
                }
                for program, taken in granted.items()
            },
            "used": self.env["retail.promotion"]._limits_used(self.company_id, cart, rows),
            "until": snapshot.utc_text(rows[:1].expires_at),
        }

    # === HELPERS === #

    def _retail_promo_check_till(self):
        """Only who sells at this till, while it is open, may set something aside for it."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            raise AccessError(self.env._("Only cashiers reserve promotions for a till."))
        if not self.current_session_id:
            raise UserError(self.env._("%(till)s is closed: open it first.", till=self.name))

    def _retail_promo_document(self, order_uuid):
        return f"pos.order,{order_uuid}"

    def _retail_promo_slice_key(self):
        return f"pos.config,{self.id}"

    def _retail_promo_slices(self):
        """Return the rows of the ledger that are set aside for this till."""
        rows = self.env["retail.promotion.usage"]._of_document(self._retail_promo_slice_key())
        return rows.filtered(lambda row: row.state == "reserved")

    def _retail_promo_return_held(self):
        """Free the shares of closed tills and what they held for orders that nobody paid."""
        # Cashiers read nothing of the ledger.
        usage = self.env["retail.promotion.usage"].sudo()
        held = usage.search(
            [("state", "=", "reserved"), ("res_model", "=", self._name), ("res_id", "in", self.ids)]
        )
        usage._release(held.mapped("document"))

    def _retail_promo_version(self, promotion_id):
        # Cashiers see the rules of promotions only as their till has them.
        return self.env["retail.promotion"].sudo().browse(promotion_id).version

    def _retail_promo_limited(self):
        """Return {promotion id: (limits, period, rounding)} that may hold at this till."""
        return self.env["retail.promotion"]._engine_limited(self.company_id.id)

    def _retail_promo_cart_of(self, partner_id):
        """Return what the limits need to know of a cart: the store, its day and the member."""
        place = self._retail_promotion_place()
        partner = self.env["res.partner"].sudo().browse(partner_id or []).exists()
        return {
            "now": snapshot.wall_clock(fields.Datetime.now(), place["_retail_tz"]),
            "store": place["_retail_store_id"] or None,
            "member": snapshot.member_dict(partner) if partner else None,
        }

    def _retail_promo_usage_header(self, document, cart, name):
        return {
            "document": document,
            "name": name,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "store_id": cart["store"],
            "channel_id": self._retail_promotion_channel().id,
            "partner_id": cart["member"]["id"] if cart["member"] else None,
            "used_at": fields.Datetime.now(),
            "day": fields.Date.to_date(cart["now"][:10]),
        }

    def _retail_promo_slice_wishes(self, cart):
        """Return what this till's share of each limited promotion is, rounded down.

        What is limited per member has no share: without a connection nobody knows what the
        member took elsewhere.
        """
        own = self._retail_promo_slices()
        used = self.env["retail.promotion"]._limits_used(self.company_id, cart, own)
        wishes = []
        for program, (limits, _period, _rounding) in self._retail_promo_limited().items():
            if SCOPES["member"].keys() & limits.keys():
                continue
            left = {"orders": [], "units": [], "amount": []}
            for scope in ("all", "store"):
                for name, measure in SCOPES[scope].items():
                    if name in limits:
                        left[measure].append(limits[name] - used[str(program)].get(name, 0))
            share = {
                measure: int(max(0, min(numbers)) * self.retail_slice_percent // 100)
                for measure, numbers in left.items()
                if numbers
            }
            if share and all(share.values()):
                wish = {"orders": 0, "units": 0, "amount": 0, **share}
                wish["amount"] = snapshot.from_minor(self.currency_id, wish["amount"])
                version = self._retail_promo_version(program)
                wishes.append({**wish, "promotion_id": program, "version": version})
        return wishes
