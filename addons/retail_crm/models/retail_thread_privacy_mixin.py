from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

PARTNER = "retail_partner_id"


class RetailThreadPrivacyMixin(models.AbstractModel):
    """Text on a document in a chatter: it may name the contact data of the document's member."""

    _name = "retail.thread.privacy.mixin"
    _description = "Text on a Document of a Member"

    _retail_thread_model = "res_model"  # field that names the document's model, beside res_id

    retail_partner_id = fields.Many2one(
        "res.partner",
        string="Partner of the Document",
        compute="_compute_retail_partner_id",
        compute_sudo=True,
        groups="base.group_system",
    )

    def _compute_retail_partner_id(self):
        self.retail_partner_id = False
        paths = self._retail_thread_paths()
        for model, texts in self.grouped(self._retail_thread_model).items():
            if model not in paths:
                continue
            documents = self.env[model].browse(texts.mapped("res_id")).exists()
            partners = {document.id: document.mapped(paths[model]) for document in documents}
            for text in texts:
                text.retail_partner_id = partners.get(text.res_id, False)

    @api.model
    @ormcache()
    def _retail_thread_paths(self):
        """Return {model: path to the partner} of the documents that are about a partner."""
        paths = {"res.partner": ""}
        for name, model in self.env.registry.items():
            field = model._fields.get("partner_id")
            if field and field.comodel_name == "res.partner" and not model._abstract:
                paths[name] = "partner_id"
        return paths

    @api.model
    def _contact_shown_along(self, path):
        if path != PARTNER:
            return super()._contact_shown_along(path)
        shown = self.env["retail.contact.grant"]._granted_ids("reveal")
        own = Domain(self._retail_thread_model, "=", "res.partner") & Domain(
            "res_id", "in", [self.env.user.partner_id.id, *shown]
        )
        others = Domain(self._retail_thread_model, "not in", list(self._retail_thread_paths()))
        return own | others

    def write(self, vals):
        return super().write(self._contact_restore(vals))
