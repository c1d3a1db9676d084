from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .promotion_limits import MEASURES, counter_bounds, counter_key

NOTHING = dict.fromkeys(MEASURES, 0)
COUNTING_STATES = ("reserved", "consumed", "partly")


class LimitReached(UserError):
    """A limit has no room for what a sale would take; `promotions` are the ones concerned."""

    def __init__(self, message, promotions):
        super().__init__(message)
        self.promotions = promotions


class RetailPromotionUsage(models.Model):
    """What sales take from promotions and from their limits: the one ledger of all channels.

    One row per document and promotion. Its quantities are what counts now; what it had at first
    is kept beside them. Written by the system only; a call repeated for a document changes
    nothing.
    """

    _name = "retail.promotion.usage"
    _description = "Promotion Use"
    _order = "used_at desc, id desc"
    _rec_name = "name"

    promotion_id = fields.Many2one(
        "retail.promotion", required=True, index=True, ondelete="restrict", readonly=True
    )
    version = fields.Integer(readonly=True, aggregator=None)
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    document = fields.Char(
        required=True,
        readonly=True,
        help="Model of the document and its number, or the number that a till gave it.",
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(string="Document ID", model_field="res_model", readonly=True)
    name = fields.Char(string="Document Name", readonly=True)
    kind = fields.Selection(
        [("sale", "Sale"), ("slice", "Till's Share")],
        required=True,
        default="sale",
        readonly=True,
        help="A till's share is set aside so that it can sell without a connection.",
    )
    store_id = fields.Many2one("stock.warehouse", readonly=True, index="btree_not_null")
    channel_id = fields.Many2one("sale.channel", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Member", readonly=True, index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("reserved", "Reserved"),
            ("consumed", "Consumed"),
            ("partly", "Partly Released"),
            ("released", "Released"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    used_at = fields.Datetime(string="Date", required=True, readonly=True)
    day = fields.Date(
        string="Day in Store", required=True, readonly=True, help="Periods of members go by it."
    )
    expires_at = fields.Datetime(
        string="Held Until", readonly=True, help="A reservation is freed after this moment."
    )
    orders = fields.Integer(string="Times", readonly=True)
    units = fields.Integer(
        string="Pieces", readonly=True, help="Discounted pieces, for rewards that count pieces."
    )
    amount = fields.Monetary(
        string="Discount", readonly=True, help="As the promotion counts: with or without tax."
    )
    first_units = fields.Integer(string="Pieces at First", readonly=True)
    first_amount = fields.Monetary(string="Discount at First", readonly=True)
    over_limit = fields.Boolean(
        readonly=True, help="The sale was made already when the limit was found to be reached."
    )

    _document_uniq = models.Constraint(
        "UNIQUE(document, promotion_id)", "A document takes from a promotion once."
    )
    _expiry = models.Index("(expires_at) WHERE state = 'reserved'")

    # === TAKING === #

    @api.model
    def _settle(self, header, entries, state="consumed", force=False, slices=None):
        """Make the rows of a document what the entries say, and move the counters by it.

        header: values of the document's rows, `document` among them; a value given as None is
        left as it is. entries: [{promotion_id, version, orders, units, amount}], amounts in the
        document's currency. slices: rows of the till that the document is taken from.
        Without `force` raises LimitReached when a limit has no room; nothing may be kept then.
        """
        rows = {row.promotion_id.id: row for row in self._of_document(header["document"])}
        wanted = {entry["promotion_id"]: entry for entry in entries}
        moves = _Moves(self.env)
        for promotion_id in sorted({*rows, *wanted}):
            row = rows.get(promotion_id, self.browse())
            entry = wanted.get(promotion_id, NOTHING)
            moves.add(row, -1)
            moves.add(row._set_entry(header, promotion_id, entry, state), 1)
            for part in (slices or self).filtered(
                lambda part, promotion_id=promotion_id: part.promotion_id.id == promotion_id
            ):
                moves.add(part, -1)
                part._lessen(entry)
                moves.add(part, 1)
        over = moves.apply(force)
        taken = self._of_document(header["document"])
        taken.filtered(lambda row: row.promotion_id.id in over).write({"over_limit": True})
        return taken

    @api.model
    def _reserve(self, header, wishes, seconds):
        """Set aside for a document what there is of what it wishes, for some seconds.

        wishes: entries as for _settle. Returns {promotion id: {measure: granted number}}; a
        promotion of which nothing is left isn't in it. What is sold already stays as it is.
        """
        rows = self._of_document(header["document"])
        sold = rows.filtered(lambda row: row.state in ("consumed", "partly"))
        if not sold:
            granted = [self._grant(header, wish) for wish in sorted(wishes, key=_by_promotion)]
            until = fields.Datetime.add(fields.Datetime.now(), seconds=seconds)
            # What was granted is there: its counters are locked.
            rows = self._settle(
                {**header, "expires_at": until},
                granted,
                state="reserved",
                force=True,
            )
        return {
            row.promotion_id.id: {measure: row[measure] for measure in MEASURES}
            for row in rows
            if row.state != "released"
        }

    @api.model
    def _release(self, documents):
        """Free what documents hold or have taken; a mere reservation leaves no trace."""
        for row in self.sudo().search(
            [("document", "in", documents), ("state", "in", COUNTING_STATES)],
            order="promotion_id, id",
        ):
            moves = _Moves(self.env)
            moves.add(row, -1)
            row._set_nothing()
            moves.apply(force=True)

    @api.model
    def _renew(self, documents, seconds):
        """Hold reservations longer; what has expired and was freed stays freed."""
        rows = self.sudo().search([("document", "in", documents), ("state", "=", "reserved")])
        rows.write({"expires_at": fields.Datetime.add(fields.Datetime.now(), seconds=seconds)})
        return rows

    @api.model
    def _free_expired(self):
        """Free reservations and tills' shares whose time is over."""
        expired = self.sudo().search(
            [("state", "=", "reserved"), ("expires_at", "<", fields.Datetime.now())]
        )
        self._release(expired.mapped("document"))

    # === HELPERS === #

    @api.model
    def _of_document(self, document):
        # Whoever sells may take from a promotion without reading what others took.
        return self.sudo().search([("document", "=", document)])

    def _set_entry(self, header, promotion_id, entry, state):
        """Make the document's row of a promotion (self, or none yet) what the entry says."""
        if not any(entry[measure] for measure in MEASURES):
            return self._set_nothing()
        values = self._settled_values(header, promotion_id, entry, state)
        if not self:
            return self.sudo().create(values)
        changed = self._changed_values(values)
        if changed:
            self.write(changed)
        return self

    def _set_nothing(self):
        """Give all back. Returns the row that stays: none when it was only reserved."""
        if self.state == "reserved":
            self.unlink()
            return self.browse()
        if self:
            self.write({**NOTHING, "state": "released", "expires_at": False})
        return self

    def _settled_values(self, header, promotion_id, entry, state):
        values = {name: value for name, value in header.items() if value is not None}
        values.update({measure: entry[measure] for measure in MEASURES})
        values.update(promotion_id=promotion_id, version=entry["version"], state=state)
        if state != "reserved":
            values["expires_at"] = False
            first = self if self.state in ("consumed", "partly") else None
            values["first_units"] = first.first_units if first else entry["units"]
            values["first_amount"] = first.first_amount if first else entry["amount"]
            if first and (
                entry["units"] < first.first_units
                or self.currency_id.compare_amounts(entry["amount"], first.first_amount) < 0
            ):
                values["state"] = "partly"
        return values

    def _changed_values(self, values):
        self.ensure_one()
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    def _lessen(self, entry):
        """A sale was made from this till's share: that much less is set aside."""
        left = {measure: max(0, self[measure] - entry[measure]) for measure in MEASURES}
        self.write(left if any(left.values()) else {**left, "state": "released"})

    def _counter_bounds(self):
        """Return {counter key: {measure: limit}} of the counters that this row counts in."""
        self.ensure_one()
        promotion = self.promotion_id
        return counter_bounds(
            promotion._engine_limits(minor=False),
            store=self.store_id.id,
            member=self.partner_id.id if self.kind == "sale" else None,
            period=promotion.limit_member_period,
            day=self.day,
        )

    def _counted(self):
        """Return {measure: number} as counters count it: amounts in their own currency only."""
        self.ensure_one()
        same = self.currency_id == self.promotion_id.currency_id
        return {"orders": self.orders, "units": self.units, "amount": self.amount if same else 0.0}

    def _grant(self, header, wish):
        """Return the entry of what is left of a wish; the counters stay locked until commit."""
        promotion = self.env["retail.promotion"].sudo().browse(wish["promotion_id"])
        limits = promotion._engine_limits(minor=False)
        bounds = counter_bounds(
            limits,
            store=header.get("store_id"),
            member=header.get("partner_id"),
            period=promotion.limit_member_period,
            day=header["day"],
        )
        taken = self.env["retail.promotion.counter"]._read_taken(
            promotion.ids, list(bounds), lock=True
        )
        own = self._of_document(header["document"]).filtered(
            lambda row: row.promotion_id == promotion
        )
        held = own._counted() if own else NOTHING
        held_keys = own._counter_bounds() if own else {}
        left = {measure: wish[measure] for measure in MEASURES}
        for key, bound in bounds.items():
            used = taken.get((promotion.id, key), NOTHING)
            for measure, limit in bound.items():
                mine = held[measure] if key in held_keys else 0
                left[measure] = min(left[measure], max(0, limit - used[measure] + mine))
        lacking = [measure for measure in MEASURES if wish[measure] > 0 and left[measure] <= 0]
        return {**wish, **(NOTHING if lacking else left)}

    def action_open_document(self):
        self.ensure_one()
        if not self.res_id or self.state == "reserved":
            raise UserError(
                self.env._("%(document)s isn't here yet: a till holds it.", document=self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }


class _Moves:
    """The counters that a change of the ledger touches, and by how much in the end."""

    def __init__(self, env):
        self.env = env
        self.deltas = defaultdict(lambda: dict(NOTHING))
        self.bounds = {}

    def add(self, row, sign):
        """Count a row in (sign 1) or out (-1), under the keys that it has at this moment."""
        if not row or row.state == "released":
            return
        counted = row._counted()
        for key, bound in row._counter_bounds().items():
            place = (row.promotion_id.id, key)
            self.bounds[place] = bound
            for measure in MEASURES:
                self.deltas[place][measure] += sign * counted[measure]

    def apply(self, force):
        """Move the counters, always in one order. Returns the ids of promotions over a limit."""
        counters = self.env["retail.promotion.counter"]
        over = set()
        for place in sorted(self.deltas):
            # The currency's decimals, without the noise of adding floats.
            delta = {name: round(number, 4) for name, number in self.deltas[place].items()}
            if not any(delta.values()) or counters._move(*place, delta, self.bounds[place]):
                continue
            over.add(place[0])
            if force:
                counters._move(*place, delta, {})
        if over and not force:
            promotions = self.env["retail.promotion"].sudo().browse(sorted(over))
            raise LimitReached(
                self.env._(
                    "Too little is left of %(promotions)s.",
                    promotions=", ".join(promotions.mapped("name")),
                ),
                promotions,
            )
        concerned = sorted(
            {promotion for promotion, key in self.deltas if key == counter_key("all")}
        )
        self.env["retail.promotion"].browse(concerned)._follow_used_up()
        return over


def _by_promotion(entry):
    return entry["promotion_id"]
