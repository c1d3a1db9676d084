from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL

from .retail_member_snapshot import TAKEN

MERGE_GROUP = "retail_crm.group_member_merge"


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_retail_merge(self):
        """Open the merge of these members."""
        return self.env["retail.member.merge"]._open(self)

    def _retail_check_merge(self, losers):
        """Raise when these can't become one member: the reason and the way out."""
        self.ensure_one()
        _ = self.env._
        if not (self.env.su or self.env.user.has_group(MERGE_GROUP)):
            raise AccessError(_("You may not merge members. Ask your manager."))
        everybody = self | losers
        everybody.check_access("write")
        everybody = everybody.sudo().with_context(active_test=False)  # users may be hidden
        losers = losers.sudo().with_context(active_test=False)
        if not losers or self in losers:
            raise UserError(_("Choose two different members: one can't be merged with itself."))
        for member in everybody:
            if not member.is_member:
                raise UserError(_("%(name)s is no member.", name=member.display_name))
        if len(everybody.company_id) > 1:
            raise UserError(_("Members of two companies can't be merged."))
        losers._retail_check_not_needed()
        for member in everybody:
            if member._retail_ancestors() & everybody:
                raise UserError(
                    _(
                        "%(name)s is a contact of another of these members; a company and its "
                        "own contact stay two.",
                        name=member.display_name,
                    )
                )

    def _retail_check_not_needed(self):
        """Raise when one of these must stay because it signs in or is a company of ours."""
        _ = self.env._
        for loser in self:
            if loser.user_ids:
                raise UserError(
                    _(
                        "%(name)s signs in as %(login)s and can't be merged into another member. "
                        "Keep this one and merge the other into it, or archive the user and "
                        "give the user another contact first.",
                        name=loser.display_name,
                        login=loser.user_ids[0].login,
                    )
                )
            if loser.ref_company_ids:
                raise UserError(_("%(name)s is one of your companies.", name=loser.display_name))

    def _retail_ancestors(self):
        self.ensure_one()
        found, parent = self.browse(), self.parent_id
        while parent and parent not in found:
            found, parent = found | parent, parent.parent_id
        return found

    def _retail_merge(self, losers, values=None):
        """Merge others into this member; return their snapshots.

        ``values`` are what the survivor takes over from them, as ``write`` takes it. Everything
        that refers to them moves; they are deleted, each with a snapshot.
        """
        self._retail_check_merge(losers)
        # The right to merge covers what the members have, of which the user may not see all.
        survivor, losers = self.sudo(), losers.sudo()
        self.env.flush_all()
        # Nobody else adds something to them meanwhile.
        self.env.cr.execute(
            SQL("SELECT FROM res_partner WHERE id IN %s FOR UPDATE", tuple((self | losers).ids))
        )
        snapshots = self.env["retail.member.snapshot"].sudo()
        before = survivor._retail_plain_values(values or {})
        for loser in losers:
            snapshots |= survivor._retail_absorb(loser)
        survivor._retail_break_own_referral()
        survivor.write(values or {})
        after = survivor._retail_plain_values(values or {})
        for snapshot in snapshots:
            snapshot.data = {**snapshot.data, "before": before, "after": after}
        survivor._retail_references_changed()
        survivor._retail_log_merge(snapshots)
        return snapshots

    def _retail_absorb(self, loser):
        """Move all of one member to this one and delete it; return the snapshot."""
        references = self.env["retail.member.references"]
        snapshot = self.env["retail.member.snapshot"]._take("merge", loser)
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge_bank_accounts(loser, self)
        cards = self._retail_merge_cards(loser)
        moved = references._move(loser, self)
        # Fields of kind "reference" and values per company.
        wizard._update_reference_fields(loser, self)
        if not self.image_1920 and loser.image_1920:
            self.image_1920 = loser.image_1920
        snapshot.write(
            {
                "survivor_id": self.id,
                "moved_text": references._describe(moved),
                "data": {**snapshot.data, "moved": moved, "cards": cards},
            }
        )
        loser.invalidate_recordset()
        loser.with_context(retail_snapshot=TAKEN).unlink()
        return snapshot

    def _retail_merge_cards(self, loser):
        """Add up the points of cards of one program; return what was done.

        The loser's card moves along, archived and empty; its history goes on on the other.
        """
        cards = self.env["loyalty.card"]
        own = cards.search([("partner_id", "=", self.id)]).grouped("program_id")
        done = []
        for card in cards.search([("partner_id", "=", loser.id)]):
            into = own.get(card.program_id, cards)[:1]
            if not into or not card.program_id.is_nominative:
                continue
            entry = {
                "card": card.id,
                "into": into.id,
                "points": card.points,
                "active": card.active,
                "history": card.history_ids.ids,
            }
            card.history_ids.write({"card_id": into.id})
            into.points += card.points
            card.write({"points": 0.0, "active": False})
            done.append(entry)
        return done

    def _retail_break_own_referral(self):
        """The loser may have been recommended by the survivor, or the other way round."""
        if self._has_cycle("retail_referrer_id"):
            self.retail_referrer_id = False

    def _retail_plain_values(self, values):
        """Return {field: value as JSON holds it} of the fields named in values."""
        return {name: _plain(self, name) for name in values}

    def _retail_take_back_values(self, before, after):
        """Give the fields that a merge set their former values, where nobody changed them."""
        now = self._retail_plain_values(after)
        back = {name: before[name] for name, value in after.items() if now[name] == value}
        for name, value in back.items():
            field = self._fields[name]
            if field.type == "many2one" and value:
                back[name] = self.env[field.comodel_name].browse(value).exists().id
            elif field.type == "many2many":
                back[name] = [Command.set(self.env[field.comodel_name].browse(value).exists().ids)]
        if back:
            self.write(back)

    def _retail_references_changed(self):
        """Sales, tasks and points came to or left these members: refresh what is made of them."""
        # The figures are derived from sales; nobody writes them by hand.
        self.env["retail.member.figure"].sudo()._refresh(self.commercial_partner_id.ids)

    def _retail_log_merge(self, snapshots):
        for snapshot in snapshots:
            text = self.env._(
                "%(name)s was merged into this member. Moved: %(moved)s",
                name=snapshot.member_code or snapshot.name,
                moved=snapshot.moved_text or self.env._("nothing"),
            )
            self.message_post(body=text)
            self.env["retail.audit.log"]._log("merge", self, detail=text)


def _plain(record, name):
    """Return a field's value as JSON holds it and ``write`` takes it."""
    value, field = record[name], record._fields[name]
    if field.type == "many2one":
        return value.id
    if field.relational:
        return value.ids
    if field.type == "date":
        return fields.Date.to_string(value) if value else False
    if field.type == "datetime":
        return fields.Datetime.to_string(value) if value else False
    return value
