import secrets

from odoo import api, fields, models
from odoo.addons.retail_crm.crm_engine.local_time import local_day
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime

from ..draw_engine import commitment
from .promotion_snapshot import member_of

SEED_BYTES = 32
OPEN_TO_CHANGE = ("draft", "paused")
LIFE_FIELDS = frozenset({"state", "seed", "seed_hash", "drawn"})


class RetailPlayMixin(models.AbstractModel):
    """A campaign that members draw from: its life, who may draw, and the lock of a draw.

    A model that inherits it has draws (`_play_draws`), says what is missing before it opens
    (`_play_gaps`), why a member can't draw (`_play_own_refusal`) and makes a draw
    (`_play_draw`).
    """

    _name = "retail.play.mixin"
    _description = "Campaign That Members Draw From"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Open"),
            ("paused", "Paused"),
            ("ended", "Ended"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
    description = fields.Html(translate=True, help="What members and staff read about it.")
    date_from = fields.Datetime(string="Start", tracking=True, copy=False)
    date_to = fields.Datetime(
        string="End", tracking=True, copy=False, help="Members can draw until just before."
    )
    class_ids = fields.Many2many(
        "retail.customer.class", string="Member Classes", help="Empty: all members."
    )
    store_ids = fields.Many2many(
        "stock.warehouse",
        string="Home Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        help="For members of these stores only. Empty: all members.",
    )
    # Whoever knew it could tell what the next draw wins; it is shown when all is over.
    seed = fields.Char(string="Secret Seed", readonly=True, copy=False, groups=fields.NO_ACCESS)
    seed_hash = fields.Char(
        string="Commitment",
        readonly=True,
        copy=False,
        help="SHA-256 of the secret seed that all draws are made with, shown from the start: "
        "so nobody can choose another seed later.",
    )
    shown_seed = fields.Char(
        string="Seed",
        compute="_compute_shown_seed",
        help="Shown when it has ended: everybody can work out every draw again.",
    )
    drawn = fields.Integer(string="Draws", readonly=True, copy=False, default=0)

    @api.depends("state")
    def _compute_shown_seed(self):
        for campaign in self:
            # The field is nobody's until the campaign is over.
            campaign.shown_seed = campaign.sudo().seed if campaign.state == "ended" else False

    # === WHAT A CAMPAIGN TELLS === #

    def _play_draws(self):
        """Return the model of the draws, whose `campaign_id` is the campaign."""
        raise ValueError(f"{self._name} does not say this")

    def _play_gaps(self):
        """Return what keeps the campaign from opening, one sentence each."""
        return []

    def _play_own_refusal(self, member):
        """Return why a member can't draw now, None when it can."""
        raise ValueError(f"{self._name} does not say this")

    def _play_draw(self, member, number, key):
        """Make the draw with a number, under the lock, and return its record."""
        raise ValueError(f"{self._name} does not say this")

    def _play_rule_fields(self):
        """Return the fields that change only in draft or paused."""
        return {"date_from", "class_ids", "store_ids", "company_id"}

    # === DRAWING === #

    def _play(self, partner, key):
        """Draw for a member and return the draw.

        key: the request's own key. The same key again returns the first draw: a request that
        is sent twice draws once. Raises UserError when the member can't draw. Checks no right.
        """
        self.ensure_one()
        campaign = self.sudo()  # members and staff draw without rights on prizes and cards
        member = member_of(partner)
        done = campaign._play_done(member, key)
        if done:
            return done
        number = campaign._play_lock()
        refusal = campaign._play_refusal(member)
        if refusal:
            raise UserError(refusal)
        return campaign._play_draw(member, number, key)

    def _play_done(self, member, key):
        if not key:
            raise UserError(self.env._("A draw needs the key of its request."))
        draws = self._play_draws()
        done = draws.search([("campaign_id", "=", self.id), ("request_key", "=", key)])
        if done and done.partner_id != member:
            raise UserError(self.env._("This request has drawn for another member already."))
        return done

    def _play_lock(self):
        """Take the campaign's row until commit; return the number of this draw.

        Of two draws at once the second waits, fails with a conflict and is tried again by
        Odoo: it then sees what the first one took.
        """
        self.flush_recordset()
        # A conflict is no error to log: the request is tried again.
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET drawn = drawn + 1 WHERE id = %s RETURNING drawn",
                SQL.identifier(self._table),
                self.id,
            ),
            log_exceptions=False,
        )
        ((number,),) = self.env.cr.fetchall()
        self.invalidate_recordset(["drawn"])
        return number

    def _play_refusal(self, member):
        """Return why a member can't draw now, None when it can."""
        _ = self.env._
        now = fields.Datetime.now()
        if self.state != "open":
            return _(
                "%(name)s is %(state)s: nobody can draw now.",
                name=self.name,
                state=self._play_state_text(),
            )
        if now < self.date_from:
            return _(
                "%(name)s begins on %(date)s.", name=self.name, date=self._play_text(self.date_from)
            )
        if now >= self.date_to:
            return _(
                "%(name)s was over on %(date)s.", name=self.name, date=self._play_text(self.date_to)
            )
        if not member or not member.active:
            return _("Only members can draw, and this customer is none (any more).")
        if self.class_ids and member.retail_class_id not in self.class_ids:
            return _("%(name)s is for members of another class.", name=self.name)
        if self.store_ids and member.retail_store_id not in self.store_ids:
            return _("%(name)s is for members of other stores.", name=self.name)
        return (
            self._play_often_refusal(member)
            or self._play_own_refusal(member)
            or self._play_price_refusal(member)
        )

    def _play_refusal_for(self, partner):
        """Return why a customer can't draw now, as whoever draws for it may know."""
        return self.sudo()._play_refusal(member_of(partner))

    def _play_odds_text(self):
        """Return what can be won, in words that the player is shown."""
        raise ValueError(f"{self._name} does not say this")

    def _play_state_text(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _play_text(self, moment):
        """Return a moment as the company's clock shows it."""
        tz_name = self.env["stock.warehouse"]._get_retail_tz(self.company_id)
        return format_datetime(self.env, moment, tz=tz_name)

    def _play_today(self):
        tz_name = self.env["stock.warehouse"]._get_retail_tz(self.company_id)
        return local_day(fields.Datetime.now(), tz_name)

    # === LIFE === #

    def action_open(self):
        self._play_check_state("draft", "paused")
        for campaign in self:
            gaps = campaign._play_window_gaps() + campaign._play_gaps()
            if gaps:
                raise UserError(
                    self.env._("%(name)s can't be opened yet:", name=campaign.name)
                    + "\n- "
                    + "\n- ".join(gaps)
                )
            values = {"state": "open"}
            if not campaign.sudo().seed:
                seed = secrets.token_hex(SEED_BYTES)
                values.update(seed=seed, seed_hash=commitment(seed))
            campaign.sudo().write(values)  # nobody writes these by hand
        return True

    def action_pause(self):
        self._play_check_state("open")
        self.sudo().write({"state": "paused"})
        return True

    def action_end(self):
        self._play_check_state("open", "paused")
        self.sudo().write({"state": "ended"})
        return True

    def action_cancel(self):
        self._play_check_state("draft")
        self.sudo().write({"state": "cancelled"})
        return True

    @api.model
    def _cron_end(self):
        """End what is over: from then on the seed is shown."""
        over = [("state", "in", ("open", "paused")), ("date_to", "<=", fields.Datetime.now())]
        self.search(over).action_end()

    def _play_check_state(self, *states):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("retail_crm.group_promotion")):
            raise AccessError(self.env._("Only promotion managers open, pause and end this."))
        for campaign in self.filtered(lambda campaign: campaign.state not in states):
            raise UserError(
                self.env._(
                    "%(name)s is %(state)s: this can't be done now.",
                    name=campaign.name,
                    state=campaign._play_state_text(),
                )
            )

    def _play_window_gaps(self):
        if not self.date_from or not self.date_to:
            return [self.env._("Give it a start and an end.")]
        if self.date_to <= self.date_from:
            return [self.env._("It ends before it starts.")]
        if self.date_to <= fields.Datetime.now():
            return [self.env._("Its end lies in the past.")]
        return []

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(LIFE_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(self.env._("It is made as a draft: use the buttons."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and LIFE_FIELDS & vals.keys():
            raise UserError(self.env._("Use the buttons to change its state."))
        if self._play_rule_fields() & vals.keys():
            self._play_check_change()
        if "date_to" in vals and any(c.state in ("ended", "cancelled") for c in self):
            raise UserError(self.env._("What is over stays over. Copy it to run it again."))
        return super().write(vals)

    def _play_check_change(self):
        for campaign in self.filtered(lambda campaign: campaign.state not in OPEN_TO_CHANGE):
            raise UserError(
                self.env._(
                    "%(name)s is %(state)s: pause it to change its rules.",
                    name=campaign.name,
                    state=campaign._play_state_text(),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_opened(self):
        for campaign in self.filtered(
            lambda campaign: campaign.state not in ("draft", "cancelled")
        ):
            raise UserError(
                self.env._(
                    "%(name)s was opened: end it and archive it, it can't be deleted.",
                    name=campaign.name,
                )
            )
