from odoo import api, fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = "res.company"

    retail_promo_on_orders = fields.Boolean(
        string="Promotions on Sales Orders",
        default=True,
        help="Evaluate the running promotions each time a quotation is saved.",
    )
    retail_promo_tax_basis = fields.Selection(
        [("included", "Amounts with tax"), ("excluded", "Amounts without tax")],
        string="Promotions Count",
        required=True,
        default="included",
        help="Whether thresholds and discounts of promotions are meant with or without tax, "
        "on orders, at the till and on the web alike.",
    )
    retail_promo_keep_margin = fields.Boolean(
        string="Keep a Minimum Margin",
        help="Promotions take no product below what it must bring. Gifts, and products without "
        "a cost, are free of it.",
    )
    retail_promo_min_margin = fields.Float(
        string="Minimum Margin (%)",
        digits=(5, 2),
        help="Part of the price without tax that is left after all promotions. With 20, a "
        "product that costs 8.00 is never sold below 10.00 without tax; with 0 not below its "
        "cost. The cost is the one on the product, without tax.",
    )
    retail_promo_account_id = fields.Many2one(
        "account.account",
        string="Promotion Account",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other', 'expense'))]",
        help="Account of the discounts of new promotions, until the accountant chooses another.",
    )
    retail_packet_account_id = fields.Many2one(
        "account.account",
        string="Red Packet Account",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'income', 'income_other'))]",
        help="Cost account of new red packets, until the accountant chooses another.",
    )
    retail_promo_briefing = fields.Selection(
        [("no", "Doesn't matter"), ("warn", "Warn"), ("refuse", "Refuse")],
        string="Publishing Without Everybody Briefed",
        required=True,
        default="warn",
        help="What happens when a promotion is published before all guides and cashiers of its "
        "stores have acknowledged its briefing.",
    )
    retail_promo_briefing_days = fields.Integer(
        string="Remind of Briefings (days before)",
        default=2,
        help="Who hasn't acknowledged a briefing is reminded so many days before the start.",
    )

    retail_points_program_id = fields.Many2one(
        "loyalty.program",
        string="Points Program",
        domain="[('program_type', '=', 'loyalty'), ('company_id', 'in', (False, id))]",
        help="Where points go that promotions, games and recommendations give. Empty: the first "
        "points program of the company.",
    )

    retail_points_value = fields.Float(
        string="Value of a Point",
        digits=(16, 6),
        help="What a point is worth to a member, in the company's currency: the debt that the "
        "ledger shows for it.",
    )
    retail_points_liability_account_id = fields.Many2one(
        "account.account",
        string="Account of the Debt",
        check_company=True,
        domain="[('account_type', 'in', ('liability_current', 'liability_non_current'))]",
        help="Carries what the company owes members for their points, and nothing else.",
    )
    retail_points_expense_account_id = fields.Many2one(
        "account.account",
        string="Counter Account",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other', 'expense'))]",
        help="The expense, or the revenue that is deferred, when members earn points.",
    )
    retail_points_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Points",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )
    retail_points_posting = fields.Selection(
        [("no", "When the accountant says so"), ("day", "Every day"), ("month", "Every month")],
        string="Post Points",
        required=True,
        default="no",
        help="Days and months are whole ones, by the company's time zone.",
    )

    _retail_points_value_positive = models.Constraint(
        "CHECK(retail_points_value >= 0)", "A point can't be worth less than nothing."
    )
    _retail_promo_min_margin_range = models.Constraint(
        "CHECK(retail_promo_min_margin >= 0 AND retail_promo_min_margin < 100)",
        "The minimum margin of promotions lies between 0 and below 100 percent.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._retail_promo_default_group()
        return companies

    def _retail_promo_default_group(self):
        """Return the default promotion group of each company, made where it is missing."""
        # Also for companies that the user doesn't work in.
        groups = (
            self.env["retail.promotion.group"]
            .sudo()
            .search([("company_id", "in", self.ids), ("is_default", "=", True)])
        )
        missing = self - groups.company_id
        return groups | groups.create(
            [
                {
                    "name": self.env._("Best price"),
                    "mode": "best",
                    "company_id": company.id,
                    "is_default": True,
                }
                for company in missing
            ]
        )

    def _retail_points_program(self, required=False):
        """Return the program in which the company's members collect points.

        required: raise UserError when there is none.
        """
        self.ensure_one()
        # Who sells needs no right on programs for this.
        company = self.sudo()
        program = company.retail_points_program_id or company.env["loyalty.program"].search(
            [("program_type", "=", "loyalty"), ("company_id", "in", (False, company.id))],
            order="company_id, sequence, id",
            limit=1,
        )
        if required and not program:
            raise UserError(
                self.env._(
                    "%(company)s has no points program. An administrator makes one in "
                    "Sales > Products > Discount & Loyalty and chooses it in Settings > Retail "
                    "Promotions.",
                    company=self.name,
                )
            )
        return program

    def _retail_points_gaps(self):
        """Return what is missing for posting points, one sentence each."""
        _ = self.env._
        needs = [
            (self.retail_points_value, _("Set the value of a point.")),
            (self.retail_points_liability_account_id, _("Choose the account of the debt.")),
            (self.retail_points_expense_account_id, _("Choose the counter account.")),
            (self.retail_points_journal_id, _("Choose the journal of points.")),
        ]
        where = _("It is in Settings > Retail Promotions, Points.")
        return [f"{text} {where}" for done, text in needs if not done]
