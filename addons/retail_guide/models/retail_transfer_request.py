from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class RetailTransferRequest(models.Model):
    """Goods that a store asks of another one; the transfer itself is stock's own."""

    _name = "retail.transfer.request"
    _description = "Transfer Request"
    _inherit = ["mail.thread"]
    _order = "requested_at desc, id desc"

    name = fields.Char(related="picking_id.name", string="Transfer", store=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True, readonly=True)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    source_store_id = fields.Many2one(
        "stock.warehouse", string="From Store", required=True, readonly=True, index=True
    )
    store_id = fields.Many2one(
        "stock.warehouse", string="To Store", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one("res.users", string="Asked By", required=True, readonly=True)
    requested_at = fields.Datetime(
        string="Asked On", default=fields.Datetime.now, required=True, readonly=True
    )
    company_id = fields.Many2one(related="store_id.company_id", store=True, index=True)
    picking_id = fields.Many2one(
        "stock.picking", required=True, readonly=True, ondelete="restrict", string="Stock Transfer"
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
        compute="_compute_state",
        store=True,
        help="Open until the other store has handed the goods over, or the request is cancelled.",
    )
    can_cancel = fields.Boolean(compute="_compute_can_cancel")

    _open_uniq = models.UniqueIndex(
        "(product_id, source_store_id, store_id, user_id) WHERE state = 'open'",
        "You have asked this store for the product already: look under Transfer Requests.",
    )

    # === COMPUTE METHODS === #

    @api.depends("picking_id.state")
    def _compute_state(self):
        states = {"done": "done", "cancel": "cancelled"}
        for request in self:
            # Who sees requests need not see transfers.
            request.state = states.get(request.picking_id.sudo().state, "open")

    @api.depends_context("uid")
    @api.depends("user_id", "state", "source_store_id", "store_id")
    def _compute_can_cancel(self):
        user = self.env.user
        for request in self:
            stores = request.source_store_id | request.store_id
            request.can_cancel = request.state == "open" and (
                request.user_id == user
                or bool(stores & user.retail_store_ids)
                or user.has_group("retail_crm.group_order_clerk")
            )

    # === BUSINESS METHODS === #

    @api.model
    def _may_request(self, store):
        """Whether the user asks for goods on behalf of a store: its staff and order clerks."""
        user = self.env.user
        if self.env.su or user.has_group("retail_crm.group_order_clerk"):
            return bool(store)
        at_work = user.has_groups("retail_crm.group_guide,retail_crm.group_cashier")
        return at_work and store in user.retail_store_ids

    @api.model
    def _open_requests(self, product, store):
        """Return {store that is asked: the user's own open request for the product}."""
        found = self.search(
            [
                ("product_id", "=", product.id),
                ("store_id", "=", store.id),
                ("user_id", "=", self.env.uid),
                ("state", "=", "open"),
            ]
        )
        return {request.source_store_id.id: request for request in found}

    @api.model
    def _request(self, product, source, store, quantity):
        """Return (request, whether it is new) of goods that ``store`` asks of ``source``."""
        self._check_request(product, source, store, quantity)
        found = self._open_requests(product, store).get(source.id)
        if found:
            return found, False
        with self.env.cr.savepoint():
            # Guides ask, but have no right to make transfers themselves.
            picking = self.sudo()._make_picking(product, source, store, quantity)
            request = self.sudo().create(
                {
                    "product_id": product.id,
                    "quantity": product.uom_id.round(quantity),
                    "source_store_id": source.id,
                    "store_id": store.id,
                    "user_id": self.env.uid,
                    "picking_id": picking.id,
                }
            )
            request.flush_recordset()  # a second request of the same moment fails here
        request._notify_source()
        return request.with_env(self.env), True

    @api.model
    def _check_request(self, product, source, store, quantity):
        _ = self.env._
        if not self._may_request(store):
            raise AccessError(
                _("Only the staff of %(store)s may ask for goods for it.", store=store.name)
            )
        if source == store or source.company_id != store.company_id:
            raise UserError(_("Goods come from another store of the same company."))
        if not product.is_storable:
            raise UserError(_("%(product)s isn't kept in stock.", product=product.display_name))
        if product.uom_id.compare(quantity, 0) <= 0:
            raise UserError(_("Ask for more than nothing."))

    @api.model
    def _make_picking(self, product, source, store, quantity):
        """Return a transfer whose goods are reserved; raise UserError when they aren't there."""
        operation = source.int_type_id
        if not operation.active:
            operation.active = True  # stock archives it in companies with one warehouse
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": operation.id,
                "location_id": source.lot_stock_id.id,
                "location_dest_id": store.lot_stock_id.id,
                "origin": self.env._(
                    "%(store)s, asked by %(user)s", store=store.name, user=self.env.user.name
                ),
                "user_id": False,
                "move_ids": [
                    fields.Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": source.lot_stock_id.id,
                            "location_dest_id": store.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        if picking.move_ids.state != "assigned":
            raise UserError(
                self.env._(
                    "%(store)s has no %(quantity)s of %(product)s free. Ask for less, or ask"
                    " another store.",
                    store=source.name,
                    quantity=f"{quantity:g}",
                    product=product.display_name,
                )
            )
        return picking

    def _notify_source(self):
        """Tell the staff of the store that is asked, but not who asks."""
        for request in self:
            staff = request.source_store_id.retail_staff_ids - request.user_id
            request.message_post(
                body=self.env._(
                    "%(store)s asks %(giver)s for %(quantity)s of %(product)s.",
                    store=request.store_id.name,
                    giver=request.source_store_id.name,
                    quantity=f"{request.quantity:g}",
                    product=request.product_id.display_name,
                ),
                subject=self.env._("Transfer request %(name)s", name=request.name),
                partner_ids=staff.partner_id.ids,
            )

    def action_cancel(self):
        """Cancel the transfer, which frees the goods."""
        for request in self:
            if not request.can_cancel:
                raise UserError(
                    self.env._(
                        "%(name)s can be cancelled while it is open, by the staff of its two"
                        " stores or by an order clerk.",
                        name=request.name,
                    )
                )
            request.sudo().picking_id.action_cancel()  # see _request

    def action_open_picking(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "views": [(False, "form")],
        }
