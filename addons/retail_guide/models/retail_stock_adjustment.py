from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RetailStockAdjustment(models.Model):
    """Goods that came or went without a purchase or a sale, with the reason; final once done."""

    _name = "retail.stock.adjustment"
    _description = "Stock Adjustment"
    _order = "id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    direction = fields.Selection(
        [("in", "In"), ("out", "Out")], required=True, default="out", string="In or Out"
    )
    reason = fields.Selection(
        [
            ("found", "Found"),
            ("lost", "Lost or Stolen"),
            ("damaged", "Damaged"),
            ("expired", "Expired"),
            ("sample", "Sample or Gift"),
            ("own_use", "Own Use"),
            ("opening", "Opening Stock"),
            ("correction", "Correction of the Count"),
            ("other", "Other"),
        ],
        required=True,
    )
    note = fields.Text(help="What happened; needed when the reason is Other.")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    store_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        index=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env["product.product"]._retail_asking_store(),
        check_company=True,
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        compute="_compute_location_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        domain="[('warehouse_id', '=', store_id), ('usage', '=', 'internal')]",
        check_company=True,
    )
    line_ids = fields.One2many("retail.stock.adjustment.line", "adjustment_id", copy=True)
    state = fields.Selection(
        [("draft", "Draft"), ("done", "Done"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    done_at = fields.Datetime(string="Done On", readonly=True, copy=False)

    _other_note = models.Constraint(
        "CHECK(reason != 'other' OR btrim(COALESCE(note, '')) != '')",
        "Write down what happened when the reason is Other.",
    )

    # === COMPUTE METHODS === #

    @api.depends("store_id")
    def _compute_location_id(self):
        for adjustment in self:
            if adjustment.location_id.warehouse_id != adjustment.store_id:
                adjustment.location_id = adjustment.store_id.lot_stock_id

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """A document begins as a draft, whoever makes it."""
        given = {"name", "state", "done_by_id", "done_at"}
        return super().create(
            [
                {name: value for name, value in values.items() if name not in given}
                for values in vals_list
            ]
        )

    def write(self, vals):
        self._check_draft()
        if vals.keys() & {"name", "state", "done_by_id", "done_at"}:
            raise UserError(self.env._("Press Apply or Cancel to end an adjustment."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        self._check_draft()

    def _check_draft(self):
        for adjustment in self:
            if adjustment.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s is final: it can't be changed or deleted. Make another adjustment"
                        " the other way round.",
                        name=adjustment.name,
                    )
                )

    # === BUSINESS METHODS === #

    def action_apply(self):
        """Move the goods; refuse to take out more than there is."""
        self.check_access("write")
        self._check_draft()
        for adjustment in self:
            adjustment._check_lines()
            number = self.env["ir.sequence"].sudo().next_by_code("retail.stock.adjustment")
            adjustment._end("done", number)
            # The right to adjust is this document's; its users need none on moves.
            moves = self.env["stock.move"].sudo().create(adjustment._prepare_moves())
            moves._action_done()
        return True

    def action_cancel(self):
        self.check_access("write")
        self._check_draft()
        for adjustment in self:
            adjustment._end("cancelled", adjustment.name)

    def _end(self, state, number):
        """Write what nobody else may."""
        return super().write(
            {
                "state": state,
                "name": number,
                "done_by_id": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )

    def _check_lines(self):
        if not self.line_ids:
            raise UserError(self.env._("Add the products first."))
        if self.location_id.usage != "internal" or self.location_id.warehouse_id != self.store_id:
            raise UserError(self.env._("Choose a place in %(store)s.", store=self.store_id.name))
        for line in self.line_ids:
            if line.product_id.tracking != "none" and not line.lot_id:
                raise UserError(
                    self.env._(
                        "Name the lot or serial number of %(product)s.",
                        product=line.product_id.display_name,
                    )
                )
        if self.direction == "out":
            self._check_there_is_so_much()

    def _check_there_is_so_much(self):
        wanted = defaultdict(float)
        for line in self.line_ids:
            wanted[line.product_id, line.lot_id] += line.quantity
        there = self._lock_quantities()
        for (product, lot), quantity in wanted.items():
            held = there.get((product.id, lot.id or None), 0.0)
            if product.uom_id.compare(quantity, held) > 0:
                raise UserError(
                    self.env._(
                        "%(place)s holds %(held)s of %(product)s: %(quantity)s can't be taken out.",
                        place=self.location_id.display_name,
                        held=f"{held:g}",
                        product=product.display_name,
                        quantity=f"{quantity:g}",
                    )
                )

    def _lock_quantities(self):
        """Return {(product id, lot id or None): on hand} of the place, locked until the end."""
        self.env["stock.quant"].flush_model(["product_id", "location_id", "lot_id", "quantity"])
        rows = self.env.execute_query(
            SQL(
                """SELECT product_id, lot_id, quantity FROM stock_quant
                    WHERE location_id = %s AND product_id = ANY(%s) ORDER BY id FOR UPDATE""",
                self.location_id.id,
                self.line_ids.product_id.ids,
            )
        )
        there = defaultdict(float)
        for product_id, lot_id, quantity in rows:
            there[product_id, lot_id] += float(quantity)
        return there

    def _prepare_moves(self):
        reason = dict(self._fields["reason"]._description_selection(self.env))[self.reason]
        return [line._prepare_move(f"{self.name}: {reason}") for line in self.line_ids]
