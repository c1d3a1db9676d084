from odoo import models

from .res_partner_secret import SECRETS

AUDITED = (
    "phone",
    "email",
    "street",
    "street2",
    "is_member",
    "member_code",
    "retail_class_id",
    "retail_store_id",
    "retail_guide_id",
    *SECRETS,
)
NOT_TOLD = "***"  # what the log says of an encrypted value


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """File who changed contact data, class, store or guide of a member, with old and new."""
        names = [name for name in AUDITED if name in vals]
        if not names:
            return super().write(vals)
        # The log holds the true values, whoever writes.
        members = self.sudo().filtered("is_member")
        before = {member: member._retail_audited_values(names) for member in members}
        result = super().write(vals)
        changes = []
        for member, old in before.items():
            new = member._retail_audited_values(names)
            changed = [name for name in names if old[name] != new[name]]
            if changed:
                changes.append(
                    (
                        member,
                        {name: _told(name, old[name]) for name in changed},
                        {name: _told(name, new[name]) for name in changed},
                    )
                )
        if changes:
            self.env["retail.audit.log"]._log_changes(changes)
        return result

    def _retail_audited_values(self, names):
        """Return {field: value}, of a linked record its name."""
        return {
            name: self[name].display_name if self._fields[name].relational else self[name]
            for name in names
        }


def _told(name, value):
    return NOT_TOLD if name in SECRETS and value else value
