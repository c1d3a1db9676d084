from odoo import api, models


class PosSession(models.Model):
    _inherit = "pos.session"

    @api.model
    def _load_pos_data_models(self, config):
        return [*super()._load_pos_data_models(config), "retail.customer.class"]

    @api.model
    def _load_pos_data_relations(self, model, fields):
        """The till knows guides by their id and name only: it loads no users but its own."""
        relations = super()._load_pos_data_relations(model, fields)
        if model == "pos.order":
            # Not for cashiers: a till that knows the field would send it with each order.
            relations.pop("retail_failed_member", None)
        if model == "pos.order.line":
            for name in {"retail_guide_id", "retail_second_guide_id"} & relations.keys():
                relations[name] = {
                    "name": name,
                    "type": "integer",
                    "compute": False,
                    "related": False,
                }
        return relations
