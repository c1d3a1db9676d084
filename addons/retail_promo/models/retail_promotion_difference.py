from odoo import api, fields, models
from odoo.exceptions import UserError


class RetailPromotionDifference(models.Model):
    """A paid sale whose promotions the server sees otherwise than the till did.

    The paid amount stands; a store manager decides what follows.
    """

    _name = "retail.promotion.difference"
    _description = "Promotion Difference"
    _inherit = ["mail.thread"]
    _order = "sold_at desc, id desc"

    name = fields.Char(string="Receipt", required=True, readonly=True)
    document = fields.Char(
        required=True, readonly=True, help="Model and number of the sale in one."
    )
    sold_at = fields.Datetime(string="Date", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    store_id = fields.Many2one("stock.warehouse", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True)
    till_outcome = fields.Json(readonly=True, help="Discount by promotion at the till, in minor.")
    server_outcome = fields.Json(
        readonly=True, help="Discount by promotion on the server, in minor."
    )
    till_text = fields.Text(string="At the Till", compute="_compute_texts")
    server_text = fields.Text(string="On the Server", compute="_compute_texts")
    till_amount = fields.Monetary(string="Given", readonly=True)
    server_amount = fields.Monetary(string="Due", readonly=True)
    difference = fields.Monetary(
        compute="_compute_difference", store=True, help="Given at the till less what was due."
    )
    reason = fields.Text(readonly=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("compensated", "Compensated"),
            ("corrected", "Corrected"),
        ],
        required=True,
        default="open",
        readonly=True,
        tracking=True,
        index=True,
    )
    note = fields.Text(help="What was decided and why.")
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)

    _document_uniq = models.Constraint(
        "UNIQUE(document)", "The difference of a sale is filed once."
    )

    @api.depends("till_amount", "server_amount")
    def _compute_difference(self):
        for difference in self:
            difference.difference = difference.till_amount - difference.server_amount

    @api.depends("till_outcome", "server_outcome")
    @api.depends_context("lang")
    def _compute_texts(self):
        for difference in self:
            difference.till_text = difference._outcome_text(difference.till_outcome)
            difference.server_text = difference._outcome_text(difference.server_outcome)

    def _outcome_text(self, outcome):
        """Return a line per promotion; outcome: {promotion id as text: minor units}."""
        promotions = self.env["retail.promotion"].sudo()
        rounding = self.currency_id.rounding
        lines = [
            self.env._(
                "%(promotion)s: %(amount)s",
                promotion=promotions.browse(int(key)).exists().name or key,
                amount=self.currency_id.format(minor * rounding),
            )
            for key, minor in sorted((outcome or {}).items())
        ]
        return "\n".join(lines) or self.env._("Nothing")

    @api.model
    def _file(self, record, values):
        """File the difference of a document, once; values: the fields but the document.

        Called again for the same document it changes nothing.
        """
        document = f"{record._name},{record.id}"
        filed = self.sudo().search([("document", "=", document)], limit=1)
        return filed or self.sudo().create({**values, "document": document})

    def action_accept(self):
        return self._decide("accepted")

    def action_compensate(self):
        return self._decide("compensated")

    def action_correct(self):
        return self._decide("corrected")

    def action_reopen(self):
        self._check_manager()
        self.sudo().write({"state": "open", "decided_by_id": False, "decided_at": False})
        return True

    def action_open_document(self):
        self.ensure_one()
        model, _separator, number = self.document.partition(",")
        return {
            "type": "ir.actions.act_window",
            "res_model": model,
            "res_id": int(number),
            "view_mode": "form",
        }

    def _decide(self, state):
        self._check_manager()
        for difference in self:
            if difference.state != "open":
                raise UserError(self.env._("%(name)s is decided already.", name=difference.name))
            if not difference.note:
                raise UserError(self.env._("Write down what was decided and why, then choose."))
            # The state is written by these buttons only; the right was checked above.
            difference.sudo().write(
                {
                    "state": state,
                    "decided_by_id": self.env.uid,
                    "decided_at": fields.Datetime.now(),
                }
            )
        return True

    def _check_manager(self):
        self.check_access("write")

    def write(self, vals):
        if not self.env.su and vals.keys() - {"note"}:
            raise UserError(self.env._("Only the note of a difference can be edited."))
        return super().write(vals)
