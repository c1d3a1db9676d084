from odoo import api, fields, models
from odoo.tools import SQL

STATES = ("unused", "used", "expired", "cancelled")


class RetailCouponBatch(models.Model):
    """Coupons that were issued together: to whom, why, and what came of them."""

    _name = "retail.coupon.batch"
    _description = "Coupon Batch"
    _order = "id desc"

    name = fields.Char(required=True)
    promotion_id = fields.Many2one(
        "retail.promotion", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="promotion_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_brand = fields.Char(
        string="Partner Firm",
        index="btree_not_null",
        help="Another firm that hands these coupons out, or pays for them: counted apart.",
    )
    audience = fields.Char(string="Issued To", readonly=True)
    date_from = fields.Date(string="Valid From", readonly=True)
    date_until = fields.Date(string="Valid Until", readonly=True)
    note = fields.Text()
    coupon_ids = fields.One2many("loyalty.card", "retail_batch_id", string="Coupons")
    issued_count = fields.Integer(string="Issued", compute="_compute_counts")
    unused_count = fields.Integer(string="Unused", compute="_compute_counts")
    used_count = fields.Integer(string="Used", compute="_compute_counts")
    use_count = fields.Integer(
        string="Times Used",
        compute="_compute_counts",
        help="How often the code of the batch was used that is for many uses.",
    )
    expired_count = fields.Integer(string="Expired", compute="_compute_counts")
    cancelled_count = fields.Integer(string="Cancelled", compute="_compute_counts")
    given_amount = fields.Monetary(
        string="Given Away",
        compute="_compute_given_amount",
        help="What the promotion took off the sales that used these coupons.",
    )

    @api.depends("coupon_ids.retail_state", "coupon_ids.retail_use_count")
    def _compute_counts(self):
        # Who sees a batch may know how many of it were used, not by whom.
        cards = self.env["loyalty.card"].sudo()
        counts = {}
        for state in STATES:
            domain = [("retail_batch_id", "in", self.ids), ("retail_state", "=", state)]
            counts[state] = dict(cards._read_group(domain, ["retail_batch_id"], ["__count"]))
        domain = [("retail_batch_id", "in", self.ids)]
        uses = dict(cards._read_group(domain, ["retail_batch_id"], ["retail_use_count:sum"]))
        for batch in self:
            batch.use_count = uses.get(batch, 0)
            for state in STATES:
                batch[f"{state}_count"] = counts[state].get(batch, 0)
            batch.issued_count = sum(batch[f"{state}_count"] for state in STATES)

    @api.depends("coupon_ids.retail_document", "coupon_ids.retail_use_count")
    def _compute_given_amount(self):
        self.env["loyalty.card"].flush_model()
        self.env["retail.promotion.usage"].flush_model()
        self.env["retail.coupon.use"].flush_model()
        given = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT used.batch_id, SUM(usage.amount)
                      FROM (SELECT retail_batch_id AS batch_id, retail_promotion_id AS promotion_id,
                                   retail_document AS document
                              FROM loyalty_card
                             WHERE retail_batch_id = ANY(%(batches)s)
                            UNION ALL
                            SELECT batch_id, promotion_id, document
                              FROM retail_coupon_use
                             WHERE batch_id = ANY(%(batches)s) AND used_at IS NOT NULL) used
                      JOIN retail_promotion_usage usage
                        ON usage.document = used.document
                       AND usage.promotion_id = used.promotion_id
                  GROUP BY used.batch_id
                    """,
                    batches=self.ids,
                )
            )
        )
        for batch in self:
            batch.given_amount = given.get(batch.id, 0.0)

    # === ACTIONS === #

    def action_view_coupons(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_promo.retail_coupon_action")
        return {**action, "domain": [("retail_batch_id", "=", self.id)], "context": {}}

    def action_view_uses(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_coupon_use_action"
        )
        return {**action, "domain": [("used_at", "!=", False), ("batch_id", "=", self.id)]}

    def action_send(self):
        """Mail each member of the batch the coupon that is still unused."""
        self.ensure_one()
        return self.coupon_ids.filtered(
            lambda coupon: coupon.retail_state == "unused"
        ).action_retail_send()

    def action_print(self):
        self.ensure_one()
        return self.coupon_ids.action_retail_print()

    def action_cancel_unused(self):
        """Cancel what nobody has used yet."""
        self.ensure_one()
        return self.coupon_ids.filtered(
            lambda coupon: coupon.retail_state == "unused"
        ).action_retail_cancel()
