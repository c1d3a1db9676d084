from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from . import promotion_snapshot as snapshot

ACTIVITY = "mail.mail_activity_data_todo"


class RetailPromotionDifference(models.Model):
    """A paid sale whose promotions the server sees otherwise than the till did.

    The paid amount stands; a store manager decides what follows.
    """

    _name = "retail.promotion.difference"
    _description = "Promotion Difference"
    _inherit = ["mail.thread", "mail.activity.mixin"]
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
    comparison = fields.Html(
        string="Till and Server", compute="_compute_comparison", sanitize=False
    )
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
    note = fields.Text(string="Decision", readonly=True, help="What was decided and why.")
    settlement_ref = fields.Reference(
        selection="_selection_settlement",
        string="Settled By",
        readonly=True,
        help="The coupon or the points that the customer got, or the document that corrects "
        "the sale.",
    )
    settlement_name = fields.Char(string="Settlement", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_at = fields.Datetime(readonly=True)

    _document_uniq = models.Constraint(
        "UNIQUE(document)", "The difference of a sale is filed once."
    )

    @api.model
    def _selection_settlement(self):
        """Return the models of what settles a difference; till bridges add theirs."""
        names = ("loyalty.card", "retail.points.move", "account.move")
        return [(name, self.env[name]._description) for name in names]

    @api.depends("till_amount", "server_amount")
    def _compute_difference(self):
        for difference in self:
            difference.difference = difference.till_amount - difference.server_amount

    # === BOTH OUTCOMES, SIDE BY SIDE === #

    @api.depends("till_outcome", "server_outcome")
    @api.depends_context("lang")
    def _compute_comparison(self):
        for difference in self:
            head = difference._comparison_row(
                self.env._("Promotion"), self.env._("At the Till"), self.env._("On the Server")
            )
            rows = [difference._comparison_row(*cells) for cells in difference._comparison_cells()]
            difference.comparison = Markup(
                "<table class='table table-sm o_retail_comparison'><thead>%s</thead>"
                "<tbody>%s</tbody></table>"
            ) % (head, Markup("").join(rows))

    def _comparison_cells(self):
        """Return [(promotion, given at the till, due by the server)] in words."""
        # Its name is no secret of the manager who decides on what it gave.
        promotions = self.env["retail.promotion"].sudo()
        till, server = self.till_outcome or {}, self.server_outcome or {}
        return [
            (
                promotions.browse(int(key)).exists().name or key,
                self._comparison_amount(till.get(key)),
                self._comparison_amount(server.get(key)),
            )
            for key in sorted(till.keys() | server.keys(), key=int)
        ] or [(self.env._("Nothing"), "", "")]

    def _comparison_amount(self, minor):
        if not minor:
            return self.env._("Nothing")
        return self.currency_id.format(snapshot.from_minor(self.currency_id, minor))

    @api.model
    def _comparison_row(self, name, till, server):
        row = Markup("<tr><td>%s</td><td class='text-end'>%s</td><td class='text-end'>%s</td></tr>")
        return row % (name, till, server)

    # === FILING === #

    @api.model
    def _file(self, record, values):
        """File the difference of a document, once; values: the fields but the document.

        Called again for the same document it changes nothing.
        """
        document = f"{record._name},{record.id}"
        # Whoever sells or credits has no right on differences.
        differences = self.sudo()
        filed = differences.search([("document", "=", document)], limit=1)
        if not filed:
            filed = differences.create({**values, "document": document})
            filed._tell_managers()
        return filed

    def _tell_managers(self):
        """Give the managers of the store a to-do, or head office where a store has none."""
        tickets = self.env["helpdesk.ticket"]
        managers = tickets._retail_managers(self.company_id, self.store_id)
        managers = managers or tickets._retail_admins(self.company_id)
        robot = self.env.ref("base.user_root")
        # The to-do tells them: a mail for each order of a till would be too much.
        quiet = self.with_context(mail_activity_quick_update=True)
        for user in managers.filtered("active") - robot:
            quiet.activity_schedule(
                ACTIVITY,
                user_id=user.id,
                summary=self.env._("%(receipt)s: decide on its promotions", receipt=self.name),
            )

    # === DECIDING === #

    def action_accept(self):
        return self._open_decision("accepted")

    def action_compensate(self):
        return self._open_decision("compensated")

    def action_correct(self):
        return self._open_decision("corrected")

    def _open_decision(self, decision):
        """Ask for the reason, and for what the decision needs."""
        self.ensure_one()
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["state"]._description_selection(self.env))[decision],
            "res_model": "retail.promotion.decision",
            "view_mode": "form",
            "target": "new",
            "context": {"default_difference_id": self.id, "default_decision": decision},
        }

    def _decide(self, state, note, settlement=None):
        """Write down a decision; settlement: the document that settles it, if there is one."""
        self.ensure_one()
        self._check_open()
        if not (note or "").strip():
            raise UserError(self.env._("Write down what was decided and why."))
        # Differences are written by these methods only; the right was checked above.
        decided = self.sudo()
        decided.write(
            {
                "state": state,
                "note": note,
                "settlement_ref": f"{settlement._name},{settlement.id}" if settlement else False,
                "settlement_name": settlement.display_name if settlement else False,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        text = note
        if settlement:
            text = self.env._(
                "%(note)s (%(settlement)s)", note=note, settlement=decided.settlement_name
            )
        decided.message_post(body=text, author_id=self.env.user.partner_id.id)
        decided.activity_unlink([ACTIVITY])
        return True

    def action_reopen(self):
        self.ensure_one()
        self._check_manager()
        if self.state == "compensated":
            raise UserError(
                self.env._(
                    "The customer has %(settlement)s for it already: a decision that gave "
                    "something can't be taken back.",
                    settlement=self.settlement_name or self.note,
                )
            )
        # The right was checked above.
        reopened = self.sudo()
        reopened.write(
            {
                "state": "open",
                "settlement_ref": False,
                "settlement_name": False,
                "decided_by_id": False,
                "decided_at": False,
            }
        )
        reopened._tell_managers()
        return True

    def _corrections(self):
        """Return the newest document that corrects the sale, made since it was filed; or none."""
        self.ensure_one()
        record = self._sale().sudo()  # whoever decides may have no right on invoices
        if not hasattr(record, "_retail_promo_corrections"):
            return None
        return record.exists()._retail_promo_corrections(self.create_date)[:1]

    def _sale(self):
        model, _separator, number = self.document.partition(",")
        return self.env[model].browse(int(number))

    def action_open_document(self):
        self.ensure_one()
        return self._open_record(self._sale())

    def action_open_settlement(self):
        self.ensure_one()
        return self._open_record(self.settlement_ref)

    @api.model
    def _open_record(self, record):
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }

    def _check_open(self):
        self._check_manager()
        if self.state != "open":
            raise UserError(self.env._("%(name)s is decided already.", name=self.name))

    def _check_manager(self):
        self.check_access("write")

    def write(self, vals):
        if not self.env.su:
            raise UserError(self.env._("Differences are decided by their buttons, not edited."))
        return super().write(vals)
