from datetime import timedelta

from odoo import api, fields, models


class RetailContactGrant(models.Model):
    _name = "retail.contact.grant"
    _description = "Temporary Access to a Member"
    _order = "until desc, id desc"
    _rec_name = "partner_id"

    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    kind = fields.Selection(
        [("reveal", "Sees Contact Data"), ("serve", "Serves the Member")],
        required=True,
        readonly=True,
    )
    until = fields.Datetime(required=True, readonly=True)

    _user_idx = models.Index("(user_id, kind, until)")

    @api.model
    def _grant(self, kind, partners, minutes):
        """Let the current user see or serve members for some minutes from now."""
        until = fields.Datetime.now() + timedelta(minutes=minutes)
        # Users get access by the actions that log it, never by making a row.
        self.sudo().create(
            [
                {
                    "user_id": self.env.uid,
                    "partner_id": partner.id,
                    "kind": kind,
                    "until": until,
                }
                for partner in partners
            ]
        )
        return until

    @api.model
    def _granted_ids(self, kind):
        """Return the ids of the members that the current user may see or serve just now."""
        # Users don't read the table itself.
        grants = self.sudo().search_fetch(
            [
                ("user_id", "=", self.env.uid),
                ("kind", "=", kind),
                ("until", ">", fields.Datetime.now()),
            ],
            ["partner_id"],
        )
        return set(grants.partner_id.ids)

    @api.autovacuum
    def _gc_expired(self):
        self.search([("until", "<", fields.Datetime.now() - timedelta(days=1))]).unlink()
