from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

FIXED_FIELDS = {
    "ticket_id",
    "kind",
    "sale_line_id",
    "quantity",
    "amount",
    "product_id",
    "lot_number",
}


class RetailComplaintRemedy(models.Model):
    """What the customer of a request gets: a real document, approved by its value.

    draft -> (waiting, when it is worth more than its maker may decide) -> done; cancelled.
    """

    _name = "retail.complaint.remedy"
    _inherit = ["retail.ticket.child.mixin"]
    _description = "Remedy"
    _order = "id desc"
    _check_company_auto = True

    kind = fields.Selection(
        [
            ("return", "Return"),
            ("exchange", "Exchange"),
            ("reship", "Send Again"),
            ("repair", "Repair"),
            ("refund", "Refund"),
            ("compensation", "Compensation"),
        ],
        string="Remedy",
        required=True,
        default="exchange",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "To Approve"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    company_id = fields.Many2one(related="ticket_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="ticket_id.partner_id", string="Customer", store=True)
    cause_id = fields.Many2one(related="ticket_id.cause_id", store=True)
    retail_store_id = fields.Many2one(related="ticket_id.retail_store_id", store=True)
    order_id = fields.Many2one(related="ticket_id.sale_order_id", string="Order")
    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
        help="The goods that the remedy is about.",
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        help="What is sent, returned or repaired.",
    )
    quantity = fields.Float(digits="Product Unit", default=1)
    lot_number = fields.Char(
        string="Serial Number",
        help="As it stands on the goods, or on their lot; empty when the customer has none at "
        "hand.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What it is worth to the customer: the refund, the compensation, the goods sent.",
    )
    cost = fields.Monetary(
        readonly=True, copy=False, help="What it costs the shop; booked to the request's cause."
    )
    note = fields.Char(string="Why")
    approver_id = fields.Many2one("res.users", string="Approved By", readonly=True, copy=False)
    done_at = fields.Datetime(string="Done On", readonly=True, copy=False)
    picking_id = fields.Many2one("stock.picking", string="Return", readonly=True, copy=False)
    new_order_id = fields.Many2one("sale.order", string="Replacement", readonly=True, copy=False)
    move_ids = fields.Many2many(
        "account.move",
        "retail_remedy_move_rel",
        string="Credit Notes",
        readonly=True,
        copy=False,
    )
    made = fields.Char(
        string="What Was Made",
        readonly=True,
        copy=False,
        help="The documents by name; who may not open them reads it here.",
    )
    document = fields.Reference(
        selection="_selection_document", readonly=True, copy=False, help="Repair, coupon, points."
    )

    _quantity_positive = models.Constraint(
        "CHECK(quantity >= 0 AND amount >= 0)", "Quantity and amount can't be negative."
    )

    @api.model
    def _selection_document(self):
        """Return the kinds of further documents; repairs only where they are installed."""
        models_ = self.env["ir.model"].sudo().search([("model", "=", "repair.order")])
        return [(model.model, model.name) for model in models_]

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Offer repairs only where they are installed."""
        described = super().fields_get(allfields, attributes)
        kind = described.get("kind", {})
        if "selection" in kind and not self._repairs_installed():
            kind["selection"] = [one for one in kind["selection"] if one[0] != "repair"]
        return described

    # === COMPUTE METHODS === #

    @api.depends("kind", "ticket_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for remedy in self:
            remedy.display_name = f"{kinds.get(remedy.kind)} {remedy.ticket_id.number or ''}"

    @api.depends("sale_line_id")
    def _compute_product_id(self):
        for remedy in self:
            remedy.product_id = (
                remedy.sale_line_id.product_id
                or remedy.product_id
                or remedy.ticket_id.retail_product_ids[:1]
            )

    @api.depends("kind", "sale_line_id", "product_id", "quantity")
    def _compute_amount(self):
        for remedy in self:
            remedy.amount = remedy._worth()

    def _worth(self):
        """Return what the remedy is worth: worked out where its documents say it, else typed."""
        self.ensure_one()
        if self.kind == "refund":
            return self._refundable_amount()
        if self.kind in ("exchange", "reship"):
            return self._goods_price()
        return 0 if self.kind == "return" else self.amount

    # === CRUD METHODS === #

    def write(self, vals):
        if FIXED_FIELDS & vals.keys():
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        if self.filtered(lambda remedy: remedy.state == "done"):
            raise UserError(self.env._("A remedy that was made is proof and stays."))

    def _check_draft(self):
        for remedy in self:
            if remedy.state != "draft":
                raise UserError(
                    self.env._(
                        "%(remedy)s is not a draft any more and can't be changed. Cancel it and "
                        "make another.",
                        remedy=remedy.display_name,
                    )
                )

    @api.constrains("sale_line_id", "ticket_id")
    def _check_line_of_order(self):
        for remedy in self.filtered("sale_line_id"):
            if remedy.sale_line_id.order_id != remedy.ticket_id.sale_order_id:
                raise ValidationError(
                    self.env._("The line is not one of the order of the request.")
                )

    # === LIFE === #

    def action_make(self):
        """Make the documents, or ask for approval where the value is above one's own limit."""
        for remedy in self:
            remedy._check_draft()
            # Limits hold for what the documents will say, not for what a client sent.
            remedy.amount = remedy._worth()
            remedy._check_possible()
            if remedy._may_decide(self.env.user):
                remedy._make()
            else:
                remedy._ask_for_approval()

    def action_approve(self):
        """Make what a colleague asked for; four eyes, and within the own limit."""
        for remedy in self:
            if remedy.state != "waiting":
                raise UserError(self.env._("Nobody asked to approve it."))
            if remedy.create_uid == self.env.user:
                raise UserError(self.env._("A colleague has to approve it: four eyes."))
            if not remedy._may_decide(self.env.user):
                raise UserError(
                    self.env._(
                        "It is worth more than you may approve (%(limit)s).",
                        limit=remedy._format(remedy._limit_of(self.env.user) or 0),
                    )
                )
            remedy._check_worth()
            remedy._check_possible()
            remedy._make()

    def _check_worth(self):
        """Refuse what has another worth by now than when it was asked for."""
        worth = self._worth()
        if self.currency_id.compare_amounts(worth, self.amount):
            raise UserError(
                self.env._(
                    "It is worth %(worth)s by now, not %(amount)s: cancel it and make another.",
                    worth=self._format(worth),
                    amount=self._format(self.amount),
                )
            )

    def action_cancel(self):
        for remedy in self:
            if remedy.state == "done":
                raise UserError(
                    self.env._("It was made: undo its documents, where that is possible.")
                )
            remedy.state = "cancelled"
            remedy._close_requests()

    def _make(self):
        """Make the documents as the system: who decides has no rights on stock and accounts."""
        self.ensure_one()
        remedy = self.sudo()
        # Two colleagues may decide at the same moment: the second finds it done.
        remedy.lock_for_update()
        remedy._lock_document()
        getattr(remedy, f"_make_{remedy.kind}")()
        remedy.write(
            {
                "state": "done",
                "approver_id": self.env.uid,
                "done_at": fields.Datetime.now(),
                "cost": remedy._cost(),
                "made": remedy._made(),
            }
        )
        remedy._close_requests()
        remedy.ticket_id.message_post(
            body=self.env._(
                "%(remedy)s: worth %(amount)s, costs %(cost)s. %(documents)s",
                remedy=remedy.display_name,
                amount=remedy._format(remedy.amount),
                cost=remedy._format(remedy.cost),
                documents=remedy.made,
            )
        )

    def _documents(self):
        """Return the records that were made, model by model."""
        self.ensure_one()
        documents = (self.move_ids, self.new_order_id, self.picking_id, self.document)
        return [records for records in documents if records]

    def _made(self):
        return ", ".join(record.display_name for records in self._documents() for record in records)

    def _format(self, amount):
        return self.currency_id.format(amount)

    # === WHAT IS POSSIBLE === #

    def _check_possible(self):
        """Refuse, in the user's words, what can't or must not be done."""
        self.ensure_one()
        ticket = self.ticket_id
        if ticket.retail_stage_code in ("closed", "invalid"):
            raise UserError(
                self.env._("%(ticket)s is closed: reopen it first.", ticket=ticket.number)
            )
        if not ticket.partner_id:
            raise UserError(self.env._("Name the customer of the request first."))
        if self.kind in ("return", "exchange", "reship", "repair"):
            self._check_goods()
        if self.kind in ("refund", "compensation"):
            self._check_money()
        if self.kind in ("return", "exchange", "refund"):
            self._check_window()

    # === APPROVAL === #

    def _limit_of(self, user):
        """Return up to which value the user decides alone; None without a limit."""
        return self.env["retail.complaint.remedy.limit"]._of(user, self.company_id)

    def _may_decide(self, user):
        limit = self._limit_of(user)
        return limit is None or self.currency_id.compare_amounts(self.amount, limit) <= 0

    def _ask_for_approval(self):
        """Ask those of the store, else head office, who may decide it."""
        ticket = self.ticket_id.sudo()
        managers = ticket._retail_managers(ticket.company_id, ticket.retail_store_id)
        for users in (managers, ticket._retail_admins(ticket.company_id)):
            able = ticket._retail_who_may_read(users - self.env.user).filtered(self._may_decide)
            if able:
                break
        if not able:
            raise UserError(self.env._("Nobody else may approve this much: ask head office."))
        self.state = "waiting"
        for user in able:
            ticket.activity_schedule(
                "retail_crm.mail_activity_type_remedy",
                user_id=user.id,
                summary=self.env._(
                    "Approve: %(remedy)s, %(amount)s",
                    remedy=self.display_name,
                    amount=self._format(self.amount),
                ),
            )

    def _close_requests(self):
        """Take the to-dos back when nothing of the request waits for approval any more."""
        for ticket in self.ticket_id.sudo():
            if "waiting" not in ticket.remedy_ids.mapped("state"):
                ticket.activity_unlink(["retail_crm.mail_activity_type_remedy"])

    # === OPEN === #

    def action_open_documents(self):
        """Open what was made."""
        self.ensure_one()
        documents = self._documents()
        if not documents:
            raise UserError(self.env._("Nothing was made yet."))
        return documents[0]._get_records_action()
