"""What the form of a communication proposes: the way to take, and key facts of the text."""

from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..crm_engine.contact_advice import advise
from ..crm_engine.extract import extract, mood


class RetailCommunication(models.Model):
    _inherit = "retail.communication"

    advice = fields.Char(compute="_compute_advice")
    # What was found in the text, to be taken over by a click: [{field, value, label}].
    proposals = fields.Json(compute="_compute_proposals")

    # === ADVICE === #

    def _advice(self):
        """Return the engine's advice for this contact."""
        # The health of a way counts the messages of all.
        methods = self.env["retail.communication.method"].search([])
        return advise(
            methods._ways(),
            self.is_urgent,
            self.is_complex,
            self.partner_id.retail_method_id.id,
            self.partner_id.do_not_contact,
        )

    @api.onchange("partner_id", "is_urgent", "is_complex", "direction")
    def _onchange_matter(self):
        """Take the advised way; whoever records may choose another one afterwards."""
        if self.partner_id and self.direction == "out" and not self._origin:
            advised = self._advice().key
            self.method_id = advised or self.method_id

    @api.depends("partner_id", "is_urgent", "is_complex", "direction")
    @api.depends_context("lang")
    def _compute_advice(self):
        for communication in self:
            wanted = communication.partner_id and communication.direction == "out"
            communication.advice = wanted and communication._advice_text()

    def _advice_text(self):
        advice = self._advice()
        method = self.env["retail.communication.method"].browse(advice.key or []).name
        member = self.partner_id.display_name
        text = {
            "do_not_contact": self.env._(
                "%(member)s doesn't want to be contacted: don't.", member=member
            ),
            "preferred": self.env._(
                "%(method)s: %(member)s asked for it.", method=method, member=member
            ),
            "urgent_complex": self.env._("%(method)s: it is urgent and complex.", method=method),
            "urgent": self.env._("%(method)s: it is urgent.", method=method),
            "complex": self.env._("%(method)s: it is complex.", method=method),
            "usual": self.env._("%(method)s: the usual way.", method=method),
            "none_open": self.env._("No way of contact is open at present."),
        }[advice.reason]
        if advice.refused_wish:
            wish = self.partner_id.retail_method_id.name
            text += " " + self.env._("%(method)s is blocked by failures.", method=wish)
        return text

    # === PROPOSALS === #

    @api.depends(
        "subject",
        "content",
        "date",
        "next_date",
        "next_action",
        "sale_order_id",
        "product_ids",
        "amount",
        "mood",
    )
    def _compute_proposals(self):
        for communication in self:
            communication.proposals = [] if communication.is_locked else communication._propose()

    def _propose(self):
        when = fields.Datetime.context_timestamp(self, self.date or fields.Datetime.now())
        text = "\n".join(filter(None, (self.subject, self.content)))
        company = self.company_id or self.env.company
        found = extract(text, when.date(), company.country_id.code)
        by_kind = {}
        for finding in found:
            by_kind.setdefault(finding.kind, []).append(finding)
        proposals = self._propose_dates(by_kind.get("date", ()), when.date())
        proposals += self._propose_documents(by_kind.get("code", ()))
        proposals += self._propose_phones(by_kind.get("phone", ()))
        proposals += self._propose_amounts(by_kind.get("amount", ()), company)
        return proposals + self._propose_mood(mood(found))

    def _propose_dates(self, findings, today):
        days = {found.value for found in findings if found.value >= today} - {self.next_date}
        return [
            {
                "field": "next_date",
                "value": fields.Date.to_string(day),
                "label": self.env._("Next contact on %(day)s", day=format_date(self.env, day)),
            }
            for day in sorted(days)
        ]

    def _propose_documents(self, findings):
        codes = sorted({found.value for found in findings})
        if not codes:
            return []
        proposals = []
        for order in self._named("sale.order", ("name",), codes) - self.sale_order_id:
            proposals.append(
                {
                    "field": "sale_order_id",
                    "value": {"id": order.id, "display_name": order.display_name},
                    "label": self.env._("Order %(order)s", order=order.name),
                }
            )
        named = self._named("product.product", ("default_code", "barcode"), codes)
        # On a form that isn't saved yet, the chosen products are copies of the real ones.
        for product in named - self.product_ids._origin:
            proposals.append(
                {
                    "field": "product_ids",
                    "value": product.id,
                    "label": self.env._("Product %(product)s", product=product.display_name),
                }
            )
        return proposals

    def _named(self, model, names, codes):
        """Return the records that the user may read and one of whose names is among the codes."""
        records = self.env[model]
        if not records.has_access("read"):
            return records
        spelled = {*codes, *map(str.lower, codes)}
        domain = ["|"] * (len(names) - 1) + [(name, "in", list(spelled)) for name in names]
        return records.search(domain, limit=5)

    def _propose_phones(self, findings):
        steps = {self.env._("Call %(phone)s", phone=found.value) for found in findings}
        return [
            {"field": "next_action", "value": step, "label": step}
            for step in sorted(steps - {self.next_action})
        ]

    def _propose_amounts(self, findings, company):
        amounts = {float(found.value) for found in findings} - {self.amount}
        return [
            {
                "field": "amount",
                "value": amount,
                "label": formatLang(self.env, amount, currency_obj=company.currency_id),
            }
            for amount in sorted(amounts)
        ]

    def _propose_mood(self, value):
        if not value or value == self.mood:
            return []
        label = dict(self._fields["mood"]._description_selection(self.env))[value]
        return [{"field": "mood", "value": value, "label": label}]
