import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class RetailReferral(models.Model):
    """What a member got for a new buyer whom it recommended: once, for the first paid order.

    Made by the system from the sold lines; taken back when all of that order comes back.
    """

    _name = "retail.referral"
    _description = "Referral"
    _order = "id desc"
    _rec_name = "document"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    # Empty when two buyers turned out to be one: the other row is kept for the books.
    buyer_id = fields.Many2one(
        "res.partner", string="New Buyer", readonly=True, index=True, ondelete="set null"
    )
    referrer_id = fields.Many2one(
        "res.partner",
        string="Recommended By",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    basket = fields.Char(readonly=True, help="The first paid order or receipt.")
    document = fields.Char(string="First Order", readonly=True)
    amount = fields.Monetary(readonly=True, help="Of the first order, tax included.")
    state = fields.Selection(
        [
            ("waiting", "To Reward"),
            ("rewarded", "Rewarded"),
            ("refused", "No Reward"),
            ("clawed", "Taken Back"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        index=True,
    )
    note = fields.Char(string="Why", readonly=True)
    points = fields.Integer(readonly=True)
    coupon_id = fields.Many2one("loyalty.card", readonly=True)
    rewarded_at = fields.Datetime(string="Rewarded On", readonly=True)

    _buyer_uniq = models.Constraint(
        "UNIQUE(company_id, buyer_id)", "A new buyer is rewarded only once."
    )

    # === PROCESSING === #

    @api.model
    def _cron_process(self):
        """Reward first paid orders, and take back what came back."""
        companies = self.env["res.company"].search([("retail_referral_active", "=", True)])
        for company in companies:
            self.with_company(company)._process()

    @api.model
    def _process(self):
        """Do what is due in the company: see `_cron_process`."""
        company = self.env.company
        self.env.flush_all()
        for buyer in self.env["res.partner"].browse(self._new_buyers(company)):
            self._process_buyer(buyer, company)
        rewarded = self.search([("company_id", "=", company.id), ("state", "=", "rewarded")])
        for referral in rewarded.browse(self._returned(company)) & rewarded:
            referral._claw_back()

    @api.model
    def _new_buyers(self, company):
        """Return the ids of recommended members who bought, of whom nothing is decided yet."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT buyer.id
                  FROM res_partner buyer
             LEFT JOIN retail_referral done
                    ON done.buyer_id = buyer.id AND done.company_id = %(company)s
                 WHERE buyer.retail_referrer_id IS NOT NULL
                   AND buyer.is_member
                   AND (done.id IS NULL OR done.state = 'waiting')
                   AND EXISTS (
                        SELECT 1 FROM retail_sale_fact f
                         WHERE f.partner_id = buyer.id AND f.company_id = %(company)s
                           AND f.event = 'sold'
                       )
              ORDER BY buyer.id
                """,
                company=company.id,
            )
        )
        return [buyer_id for (buyer_id,) in rows]

    @api.model
    def _returned(self, company):
        """Return the ids of rewarded referrals whose first order came back wholly."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT referral.id
                  FROM retail_referral referral
                 WHERE referral.company_id = %s AND referral.state = 'rewarded'
                   AND COALESCE((
                        SELECT SUM(f.total_company) FROM retail_sale_fact f
                         WHERE f.basket = referral.basket
                       ), 0) <= 0
                """,
                company.id,
            )
        )
        return [referral_id for (referral_id,) in rows]

    @api.model
    def _process_buyer(self, buyer, company):
        """Decide about one buyer; what fails for one doesn't keep the others waiting."""
        baskets = self.env["retail.paid.basket"]._find(buyer, company)
        if not baskets and not self._bought_before(buyer, company):
            return  # not paid yet
        referral = self.search([("company_id", "=", company.id), ("buyer_id", "=", buyer.id)])
        if not referral:
            referral = self.create(
                {
                    "company_id": company.id,
                    "buyer_id": buyer.id,
                    "referrer_id": buyer.retail_referrer_id.id,
                }
            )
        try:
            with self.env.cr.savepoint():
                referral._decide(baskets[0] if baskets else None)
        except UserError as error:
            _logger.info("Referral %s waits: %s", referral.id, error)
            referral.note = str(error)

    @api.model
    def _bought_before(self, buyer, company):
        """Tell whether a member bought something before referrals were rewarded."""
        return bool(
            self.env["retail.sale.fact"].search_count(
                [
                    ("partner_id", "=", buyer.commercial_partner_id.id),
                    ("company_id", "=", company.id),
                    ("event", "=", "sold"),
                    ("day", "<", company.retail_referral_since),
                ],
                limit=1,
            )
        )

    def _decide(self, basket):
        """Reward the referrer for a buyer's first paid basket, or say why not."""
        self.ensure_one()
        if basket:
            self.write(
                {
                    "basket": basket["basket"],
                    "document": basket["document"],
                    "amount": basket["total"],
                }
            )
        refusal = self._refusal(basket)
        if refusal:
            self.write({"state": "refused", "note": refusal})
            return
        self.write({"state": "rewarded", "note": False, "rewarded_at": fields.Datetime.now()})
        company = self.company_id
        if company.retail_referral_kind == "coupon":
            coupon = company.retail_referral_promotion_id._issue_coupon(
                self.referrer_id, self._reason()
            )
            self.coupon_id = coupon
        else:
            self.points = company.retail_referral_points
            self.referrer_id.with_company(company)._retail_points(
                self.points, self._reason(), self._reason(), document=self._key()
            )

    def _refusal(self, basket):
        """Return why there is no reward, None when there is one."""
        _ = self.env._
        company = self.company_id
        if self.referrer_id._retail_same_person(self.buyer_id):
            return _("Both are the same person, by phone or mail.")
        if not self.referrer_id.is_member or not self.referrer_id.active:
            return _("Who recommended is no member any more.")
        if self._bought_before(self.buyer_id, company):
            return _("The buyer isn't new: there were purchases before referrals were rewarded.")
        if basket["left"] <= 0:
            return _("The first order came back.")
        if company.currency_id.compare_amounts(basket["left"], company.retail_referral_amount) < 0:
            return _(
                "The first order is below %(amount)s.",
                amount=company.currency_id.format(company.retail_referral_amount),
            )
        return None

    def _claw_back(self):
        """The first order came back: take the reward back, as far as it is still there."""
        self.ensure_one()
        note = self.env._("The first order came back.")
        if self.coupon_id:
            if self.coupon_id.retail_state in ("unused", "expired"):
                self.coupon_id.action_retail_cancel()
            else:
                note = self.env._("The first order came back; the coupon was used already.")
        elif self.points:
            self.referrer_id.with_company(self.company_id)._retail_points(
                -self.points,
                self._reason(),
                note,
                kind="clawed",
                document=self._key(),
                overdraw=True,
            )
        self.write({"state": "clawed", "note": note})

    def _key(self):
        return f"{self._name},{self.id}"

    def _reason(self):
        return self.env._("Recommended a new buyer")

    # === ACTIONS === #

    def action_process(self):
        """Look for first paid orders now, without waiting for the next round; a list's button."""
        self.check_access("read")
        if self.env.user.has_group("retail_crm.group_promotion"):
            # Rewards are the system's; the manager only asks it not to wait.
            self.sudo()._cron_process()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
