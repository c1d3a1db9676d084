from odoo import api, fields, models


class RetailRequestCall(models.TransientModel):
    """A call in ten seconds: the number finds the member, a sentence, saved."""

    _name = "retail.request.call"
    _description = "Note a Call"

    phone = fields.Char(
        string="Phone, Mail or Card", help="The whole number: the member is found by it."
    )
    partner_id = fields.Many2one(
        "res.partner", string="Member", domain="[('is_member', '=', True)]"
    )
    several = fields.Boolean(readonly=True)
    partner_name = fields.Char(string="Caller", help="Who calls, if it is no member.")
    retail_kind = fields.Selection(
        selection=lambda self: self.env["retail.complaint.deadline"]._selection_of_ticket(
            "retail_kind"
        ),
        string="Kind",
        required=True,
        default="complaint",
    )
    text = fields.Text(string="What the Caller Says", required=True)
    category_id = fields.Many2one("helpdesk.ticket.category")
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    faq_ids = fields.Many2many(
        "retail.faq",
        string="Answers That May Fit",
        compute="_compute_faq_ids",
        help="Found by the words of the request while it is typed.",
    )

    @api.depends("text", "company_id")
    @api.depends_context("lang")
    def _compute_faq_ids(self):
        for call in self:
            call.faq_ids = self.env["retail.faq"]._for("", call.text, call.company_id)

    @api.onchange("phone")
    def _onchange_phone(self):
        """Find the member by the whole number; each try is logged."""
        self.several = False
        if not (self.phone or "").strip():
            return
        found = self.env["res.partner"].retail_find_exact(self.phone)
        self.several = len(found) > 1
        self.partner_id = found[0]["id"] if len(found) == 1 else False
        self.retail_store_id = self.partner_id.retail_store_id or self.retail_store_id

    @api.onchange("text")
    def _onchange_text(self):
        self.category_id = self.category_id._retail_suggest("", self.text, self.company_id)

    def action_save(self):
        """Make the request and open it."""
        self.ensure_one()
        ticket = self.env["helpdesk.ticket"].create(self._prepare_ticket())
        action = ticket._get_records_action()
        action["context"] = {"retail_service": True}
        return action

    def action_save_new(self):
        """Make the request and begin the next call."""
        self.ensure_one()
        self.env["helpdesk.ticket"].create(self._prepare_ticket())
        return self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_request_call_action"
        )

    def _prepare_ticket(self):
        caller = "" if self.partner_id else ", ".join(filter(None, (self.partner_name, self.phone)))
        intake = self.env["helpdesk.ticket"]._retail_intake_values(
            self.text, caller and self.env._("Caller: %(caller)s", caller=caller)
        )
        return {
            **intake,
            "name": intake["name"] or self.env._("Call"),
            "retail_kind": self.retail_kind,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_id.name or self.partner_name,
            "category_id": self.category_id.id,
            "category_suggested": bool(self.category_id),
            "retail_store_id": self.retail_store_id.id,
            "company_id": self.company_id.id,
            "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone").id,
        }
