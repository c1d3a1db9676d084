from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command

from .retail_member_snapshot import TAKEN


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_archive_reason = fields.Char(
        string="Reason for Archiving", readonly=True, copy=False, tracking=True
    )

    # === DELETING === #

    def unlink(self):
        """Delete members that nothing refers to, and keep a snapshot of each."""
        if self.env.context.get("retail_snapshot") is TAKEN:
            return super().unlink()
        members = self.filtered("is_member")
        if members:
            members.check_access("unlink")
            members._retail_check_unused()
            for member in members:
                self.env["retail.member.snapshot"]._take("delete", member)
            self.env["retail.audit.log"]._log("delete", members)
        return super().unlink()

    def _retail_check_unused(self):
        """Raise when anything refers to these members; archiving is the way out."""
        # All that refers counts, also what the user may not see.
        counts = self.env["retail.member.references"].sudo()._count(self.ids)
        if not counts:
            return
        kinds = ", ".join(
            self.env._("%(kind)s: %(count)s", kind=kind, count=count)
            for kind, count in sorted(counts.items(), key=lambda item: -item[1])
        )
        raise RedirectWarning(
            self.env._(
                "%(name)s can't be deleted, this refers to it: %(kinds)s. Archive the member "
                "instead: it leaves the lists and keeps its history.",
                name=", ".join(self[:3].mapped("display_name")),
                kinds=kinds,
            ),
            self.action_retail_archive(),
            self.env._("Archive"),
        )

    # === ARCHIVING === #

    def write(self, vals):
        """Nobody archives a member without a reason; who brings one back is filed."""
        if "active" not in vals:
            return super().write(vals)
        members = self.filtered(lambda partner: partner.is_member)
        if vals["active"]:
            returning = members.filtered(lambda member: not member.active)
            result = super().write({**vals, "retail_archive_reason": False})
            if returning:
                self.env["retail.audit.log"]._log("unarchive", returning)
            return result
        # The system itself archives whom it erases.
        if (
            not self.env.su
            and not vals.get("retail_archive_reason")
            and any(members.mapped("active"))
        ):
            raise UserError(
                self.env._("Say why the member is archived: use Archive in the menu of the member.")
            )
        return super().write(vals)

    def action_archive(self):
        """Ask why, when members are among those that the standard action archives."""
        if self.filtered(lambda partner: partner.is_member and partner.active):
            return self.action_retail_archive()
        return super().action_archive()

    def action_retail_archive(self):
        """Ask why, then archive these members."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Archive Members"),
            "res_model": "retail.member.archive",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_partner_ids": [Command.set(self.ids)]},
        }

    def action_retail_erase(self):
        """Open the erasure of this member's personal data."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Erase Personal Data"),
            "res_model": "retail.member.erase",
            "views": [[False, "form"]],
            "target": "new",
            "context": {"default_partner_id": self.id},
        }
