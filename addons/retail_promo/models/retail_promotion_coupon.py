"""Promotions that ask for a coupon, and the coupons that open them."""

import re
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import promotion_snapshot as snapshot

ISSUING_STATES = ("draft", "published", "running", "paused")
SHARED_CODE = re.compile(r"[A-Z0-9-]{4,30}")


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    needs_coupon = fields.Boolean(
        string="Needs a Coupon",
        help="Holds only for who gives the code of a coupon that was issued for it.",
    )
    coupon_days = fields.Integer(
        string="Coupons Hold (Days)",
        default=30,
        help="So many days from the day of issue, that day included, unless said otherwise at "
        "the issue. 0: as long as the promotion.",
    )
    coupon_ids = fields.One2many("loyalty.card", "retail_promotion_id", string="Coupons")
    coupon_count = fields.Integer(string="Coupons Issued", compute="_compute_coupon_count")
    coupon_used_count = fields.Integer(string="Coupons Used", compute="_compute_coupon_count")

    _coupon_days_positive = models.Constraint(
        "CHECK(coupon_days >= 0)", "Coupons can't hold for less than no day."
    )

    def _compute_coupon_count(self):
        # Everybody who sees a promotion may know how many coupons there are, not whose.
        cards = self.env["loyalty.card"].sudo()
        self.coupon_count = self.coupon_used_count = 0
        for promotion, shared, count, used, uses in cards._read_group(
            [("retail_promotion_id", "in", self.ids)],
            ["retail_promotion_id", "retail_shared"],
            ["__count", "retail_used_at:count", "retail_use_count:sum"],
        ):
            promotion.coupon_count += count
            promotion.coupon_used_count += uses if shared else used

    @api.model
    def _rule_fields(self):
        return super()._rule_fields() | {"needs_coupon"}

    def action_view_coupons(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_promo.retail_coupon_action")
        return {**action, "domain": [("retail_promotion_id", "=", self.id)], "context": {}}

    # === ISSUING === #

    def _issue_coupon(self, partner=None, origin="", **options):
        """Issue one coupon of this promotion and return it (a loyalty.card).

        partner: the member it belongs to, nobody's without; origin: what it was issued for, a
        record or a text. options: see `_prepare_coupon_values`. Checks no right of the user.
        """
        return self._issue_coupons([partner], origin, **options)

    def _issue_coupons(self, partners, origin="", **options):
        """Issue a coupon to each of partners (None: nobody's), see `_issue_coupon`."""
        self.ensure_one()
        self._check_issuing()
        values = self._prepare_coupon_values(origin, **options)
        # Whoever hands out a coupon needs no right on loyalty cards.
        cards = self.env["loyalty.card"].sudo().with_context(tracking_disable=True)
        coupons = cards.create(
            [{**values, "partner_id": partner.id if partner else False} for partner in partners]
        )
        coupons._retail_write_history(values["retail_origin"], issued=1.0)
        return coupons.with_context(tracking_disable=False)

    def _check_issuing(self):
        if not self.needs_coupon:
            raise UserError(
                self.env._(
                    "%(name)s asks for no coupon. Set Needs a Coupon on it first.", name=self.name
                )
            )
        if self.state not in ISSUING_STATES:
            raise UserError(
                self.env._(
                    "%(name)s is %(state)s: nobody could use its coupons.",
                    name=self.name,
                    state=self._state_text(),
                )
            )

    def _prepare_coupon_values(
        self, origin="", valid_from=None, valid_until=None, store=None, batch=None, shared=None
    ):
        """Return the values of a coupon.

        valid_from, valid_until: days; by default from today on, for the days that the promotion
        says. store: by whose clock its days are cut, the company's without. batch: the
        retail.coupon.batch that it belongs to. shared: values of a code for many uses, see
        `_prepare_shared_values`.
        """
        tz_name = (store or self.env["stock.warehouse"])._get_retail_tz(self.company_id)
        today = date.fromisoformat(snapshot.wall_clock(fields.Datetime.now(), tz_name)[:10])
        valid_from = valid_from or today
        if not valid_until and self.coupon_days:
            valid_until = valid_from + timedelta(days=self.coupon_days - 1)
        if valid_until and valid_until < max(today, valid_from):
            raise UserError(self.env._("These coupons would be over before they hold."))
        values = {
            "program_id": self.env["loyalty.program"]._retail_carrier(self.company_id).id,
            "retail_promotion_id": self.id,
            "retail_date_from": valid_from,
            "expiration_date": valid_until,
            "retail_tz": tz_name,
            "retail_origin": origin if isinstance(origin, str) else origin.display_name,
            "points": 1.0,
        }
        values["retail_origin"] = values["retail_origin"] or self.env._("Issued by hand")
        if batch:
            values["retail_batch_id"] = batch.id
        return {**values, **(shared or {})}

    @api.model
    def _prepare_shared_values(self, code, most, member):
        """Return the values of one code for many uses.

        code: as it is printed, empty for a random one; most, member: uses in all and by each
        member, 0: no end.
        """
        cards = self.env["loyalty.card"].sudo().with_context(active_test=False)
        code = (code or cards._generate_code()).strip().upper()
        if not SHARED_CODE.fullmatch(code):
            raise UserError(
                self.env._(
                    "%(code)s can't be a code: take 4 to 30 letters, digits and hyphens, without "
                    "spaces.",
                    code=code,
                )
            )
        taken = [code, code.lower()]
        # Also codes of stock's own programs, at tills and on orders.
        rules = self.env["loyalty.rule"].sudo()
        if cards.search_count([("code", "in", taken)], limit=1) or rules.search_count(
            [("code", "in", taken)], limit=1
        ):
            raise UserError(
                self.env._("The code %(code)s exists already: choose another one.", code=code)
            )
        return {
            "code": code,
            "retail_shared": True,
            "retail_uses_most": most,
            "retail_uses_member": member,
            "points": float(most or 1),
        }
