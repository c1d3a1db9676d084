from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..draw_engine import next_amount, possible
from .promotion_snapshot import from_minor, to_minor

MONEY_FIELDS = {"split", "budget", "packet_count", "least_amount", "most_amount", "program_id"}
LEDGER_FIELDS = frozenset({"account_id", "journal_id"})


class RetailRedPacket(models.Model):
    """Red packets: members draw a share of a budget, which goes to their e-wallet."""

    _name = "retail.red.packet"
    _description = "Red Packets"
    _inherit = ["mail.thread", "mail.activity.mixin", "retail.play.mixin"]
    _order = "date_from desc, id desc"

    draws_per_member = fields.Integer(default=1)
    budget = fields.Monetary(
        tracking=True, help="All packets together are this much, to the smallest coin."
    )
    split = fields.Selection(
        [("count", "Into so many packets"), ("range", "Into packets of about an amount")],
        string="Shared",
        required=True,
        default="count",
    )
    packet_count = fields.Integer(
        string="Packets",
        compute="_compute_packet_count",
        store=True,
        readonly=False,
        help="How many members can draw one.",
    )
    least_amount = fields.Monetary(
        string="At Least", help="In each packet. 0: the smallest coin there is."
    )
    most_amount = fields.Monetary(string="At Most", help="In each packet. 0: no limit.")
    program_id = fields.Many2one(
        "loyalty.program",
        string="E-Wallet",
        domain="[('program_type', '=', 'ewallet'), ('company_id', 'in', (False, company_id))]",
        default=lambda self: self._default_program_id(),
        check_company=True,
        ondelete="restrict",
        help="The money goes to the member's card of this program.",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Cost Account",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'income', 'income_other'))]",
        default=lambda self: self.env.company.sudo().retail_packet_account_id,
        help="Carries what was given away. Accountants choose it.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
        help="Where it is booked. Empty: the first journal for miscellaneous entries.",
    )
    draw_ids = fields.One2many("retail.red.packet.draw", "campaign_id", string="Drawn")
    spent = fields.Monetary(compute="_compute_spent", help="What is in the packets drawn so far.")
    left = fields.Monetary(compute="_compute_spent")
    packets_left = fields.Integer(compute="_compute_spent")
    booked = fields.Monetary(
        compute="_compute_spent", help="Of what is spent, what stands in posted entries."
    )
    to_book = fields.Monetary(compute="_compute_spent", help="Booked by the night after.")

    _money_positive = models.Constraint(
        "CHECK(budget >= 0 AND packet_count >= 0 AND least_amount >= 0 AND most_amount >= 0)",
        "Amounts and numbers of red packets can't be below zero.",
    )

    # === COMPUTE METHODS === #

    @api.model
    def _default_program_id(self):
        # Promotion managers choose what the administrator has set up.
        return (
            self.env["loyalty.program"]
            .sudo()
            .search(
                [
                    ("program_type", "=", "ewallet"),
                    ("company_id", "in", (False, self.env.company.id)),
                ],
                order="company_id, sequence, id",
                limit=1,
            )
        )

    @api.depends("split", "budget", "least_amount", "most_amount")
    def _compute_packet_count(self):
        for packet in self.filtered(lambda packet: packet.split == "range"):
            both = packet.least_amount + packet.most_amount
            if not packet.least_amount or not packet.most_amount or not packet.budget:
                packet.packet_count = 0
                continue
            budget, least, most = packet._minor_terms()
            fitting = round(2 * packet.budget / both)
            packet.packet_count = max(-(-budget // most), min(fitting, budget // least))

    @api.depends("budget", "packet_count", "draw_ids.amount", "draw_ids.move_id.state")
    def _compute_spent(self):
        # Everybody who sees the red packets may know how much is left, not who drew it.
        draws = self.env["retail.red.packet.draw"].sudo()
        rows = draws._read_group(
            [("campaign_id", "in", self.ids)], ["campaign_id"], ["amount:sum", "__count"]
        )
        booked = draws._read_group(
            [("campaign_id", "in", self.ids), ("move_id.state", "=", "posted")],
            ["campaign_id"],
            ["amount:sum"],
        )
        spent = {packet: numbers for packet, *numbers in rows}
        booked = dict(booked)
        for packet in self:
            amount, count = spent.get(packet, (0.0, 0))
            packet.spent = amount
            packet.left = packet.budget - amount
            packet.packets_left = packet.packet_count - count
            packet.booked = booked.get(packet, 0.0)
            packet.to_book = amount - packet.booked

    # === WHAT A CAMPAIGN TELLS === #

    def _play_draws(self):
        return self.env["retail.red.packet.draw"]

    def _play_rule_fields(self):
        return super()._play_rule_fields() | MONEY_FIELDS

    def _play_gaps(self):
        _ = self.env._
        gaps = super()._play_gaps()
        if not self.program_id:
            gaps.append(_("Choose the e-wallet that it goes to; the administrator sets one up."))
        elif not self._wallet_account():
            gaps.append(_("The e-wallet has no account: ask the accountant to give it one."))
        if not self.account_id:
            gaps.append(_("Ask the accountant to choose its cost account."))
        if not self.sudo().journal_id and not self._default_journal():
            gaps.append(_("There is no journal for miscellaneous entries: ask the accountant."))
        return gaps + self._money_gaps()

    def _money_gaps(self):
        _ = self.env._
        if not self.budget:
            return [_("Say how much there is to share.")]
        if self.split == "range" and not (self.least_amount and self.most_amount):
            return [_("Say how much a packet has at least and at most.")]
        budget, least, most = self._minor_terms()
        if not possible(budget, self.packet_count, least, most):
            money = self.currency_id.format
            text = _(
                "%(budget)s can't be shared into %(count)s packets of at least %(least)s.",
                budget=money(self.budget),
                count=self.packet_count,
                least=money(from_minor(self.currency_id, least)),
            )
            if most:
                text = _(
                    "%(budget)s can't be shared into %(count)s packets of %(least)s to %(most)s.",
                    budget=money(self.budget),
                    count=self.packet_count,
                    least=money(from_minor(self.currency_id, least)),
                    most=money(self.most_amount),
                )
            return [text]
        return []

    def _play_odds_text(self):
        money = self.currency_id.format
        return self.env._(
            "%(count)s packets are left, with %(left)s in all.",
            count=self.packets_left,
            left=money(self.left),
        )

    def _play_own_refusal(self, member):
        if self.packets_left <= 0:
            return self.env._("All packets of %(name)s are drawn.", name=self.name)
        return None

    def _play_draw(self, member, number, key):
        draws = self._play_draws()
        values = draws._play_values(self, member, number, key)
        _budget, least, most = self._minor_terms()
        left = to_minor(self.currency_id, self.left)
        terms = {"left": left, "count": self.packets_left, "least": least, "most": most}
        amount = from_minor(self.currency_id, next_amount(values["seed"], **terms))
        record = draws.create({**values, "terms": terms, "amount": amount})
        record._settle()
        return record

    def _minor_terms(self):
        """Return (budget, least, most) in smallest units; a packet is never empty."""
        currency = self.currency_id
        least = max(1, to_minor(currency, self.least_amount))
        return to_minor(currency, self.budget), least, to_minor(currency, self.most_amount)

    # === LEDGER === #

    def _wallet_account(self):
        """Return the account that the e-wallet's money stands on until it is spent.

        It is the account of the product that a payment with the wallet books.
        """
        # Promotion managers need no right on products' accounts for this.
        program = self.sudo().with_company(self.company_id).program_id
        product = program.payment_program_discount_product_id.product_tmpl_id
        return product.get_product_accounts()["income"]

    def _default_journal(self):
        return (
            self.env["account.journal"]
            .sudo()
            .search([("type", "=", "general"), ("company_id", "=", self.company_id.id)], limit=1)
        )

    def _book(self, until=None):
        """Book what was drawn and isn't booked yet: an entry per day, up to a day."""
        for packet in self.sudo():
            # Two that book at once don't book twice: the second one fails and is tried again.
            packet.lock_for_update()
            draws = packet.draw_ids.filtered(
                lambda record: not record.move_id and (not until or record.day <= until)
            )
            for day, drawn in sorted(draws.grouped("day").items()):
                drawn.move_id = packet._post_entry(day, sum(drawn.mapped("amount")))

    def _post_entry(self, day, amount):
        packet = self.with_company(self.company_id)
        label = self.env._("Red packets %(name)s", name=self.name)
        sides = ((self.account_id, amount, 0.0), (packet._wallet_account(), 0.0, amount))
        move = packet.env["account.move"].create(
            {
                "journal_id": (self.journal_id or self._default_journal()).id,
                "date": day,
                "ref": label,
                "line_ids": [
                    (
                        0,
                        0,
                        {"account_id": account.id, "name": label, "debit": debit, "credit": credit},
                    )
                    for account, debit, credit in sides
                ],
            }
        )
        move.action_post()
        return move

    @api.model
    def _cron_book(self):
        """Book the days that are over."""
        waiting = self.env["retail.red.packet.draw"].search([("move_id", "=", False)])
        for packet in waiting.campaign_id:
            packet._book(until=packet._play_today() - timedelta(days=1))

    # === ACTIONS === #

    def action_end(self):
        result = super().action_end()
        self._book()
        return result

    def action_book(self):
        """Book all that is drawn now, without waiting for the night."""
        self._check_ledger_right()
        self._book()
        return True

    def action_view_draws(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_red_packet_draw_action"
        )
        return {**action, "domain": [("campaign_id", "=", self.id)], "context": {}}

    def action_view_entries(self):
        self.ensure_one()
        self._check_ledger_right()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of %(name)s", name=self.name),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [("move_id", "in", self.draw_ids.move_id.ids)],
        }

    def action_draw_for_member(self):
        """Open the wizard that draws for a member."""
        self.ensure_one()
        return self.env["retail.play.wizard"]._open({"default_packet_id": self.id})

    # === CRUD METHODS === #

    def write(self, vals):
        names = vals.keys()
        if LEDGER_FIELDS & names:
            self._check_ledger_right()
        if not self.env.su and names - LEDGER_FIELDS and not self._is_promotion_manager():
            raise AccessError(
                self.env._("You may choose the account and the journal of red packets only.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        if any(LEDGER_FIELDS & vals.keys() for vals in vals_list):
            self._check_ledger_right()
        return super().create(vals_list)

    def _is_promotion_manager(self):
        return self.env.user.has_group("retail_crm.group_promotion")

    def _check_ledger_right(self):
        if not (self.env.su or self.env.user.has_group("retail_crm.group_accountant")):
            raise AccessError(
                self.env._("Accountants choose the account and the journal of red packets.")
            )
