from odoo import models


class RetailVisitMixin(models.AbstractModel):
    """What a visit of a member to a store is booked from."""

    _name = "retail.visit.mixin"
    _description = "Origin of Store Visits"

    def _visit_booking(self):
        """Return the values of a new visit that the record knows."""
        return {}

    def action_book_visit(self):
        """Open a new visit with the member, the store and the guide filled in."""
        self.ensure_one()
        values = self._visit_booking()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Book a Visit"),
            "res_model": "calendar.event",
            "view_mode": "form",
            "views": [(self.env.ref("retail_crm.calendar_event_view_form_visit").id, "form")],
            "target": "new",
            "context": {f"default_{name}": value for name, value in values.items() if value},
        }

    def _visit_of(self, member, store, guide):
        """Return the values of a visit of a member; those of whom books fill the gaps."""
        user = self.env.user
        return {
            "name": self.env._("Visit of %(member)s", member=member.name),
            "retail_member_id": member.id,
            "retail_store_id": (store or user.sudo().retail_store_id).id,
            "user_id": (guide or user).id,
        }
