from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KEPT_DAYS = 365
# In the context of what deletes a member whose snapshot is taken already. It is an object so
# that no caller from outside can bring it along.
TAKEN = object()


class RetailMemberSnapshot(models.Model):
    """A member as it was before a merge or a deletion, to make it again."""

    _name = "retail.member.snapshot"
    _description = "Member Snapshot"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [("merge", "Merged"), ("delete", "Deleted")], required=True, readonly=True
    )
    state = fields.Selection(
        [("kept", "Kept"), ("restored", "Restored"), ("erased", "Erased")],
        required=True,
        readonly=True,
        default="kept",
    )
    member_id = fields.Many2oneReference(
        string="Old ID", model_field="res_model", readonly=True, aggregator=None
    )
    res_model = fields.Char(compute="_compute_res_model")
    member_code = fields.Char(readonly=True)
    survivor_id = fields.Many2one(
        "res.partner",
        string="Merged Into",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    moved_text = fields.Text(string="What Moved", readonly=True)
    create_uid = fields.Many2one("res.users", string="Done By")
    create_date = fields.Datetime(string="Done On")
    # Everything that was known of the member, in clear: only this model's own code reads it.
    data = fields.Json(readonly=True, groups=fields.NO_ACCESS)

    def _compute_res_model(self):
        self.res_model = "res.partner"

    # === TAKING === #

    @api.model
    def _take(self, kind, member, moved=(), **more):
        """Keep a member as it stands; ``more`` goes into the data as it is."""
        member = member.sudo()
        image = member.image_1920
        return self.sudo().create(
            {
                "name": member.name or member.display_name,
                "kind": kind,
                "member_id": member.id,
                "member_code": member.member_code,
                "company_id": member.company_id.id,
                "data": {
                    "row": self.env["retail.member.references"]._row(member),
                    "image": image.decode() if image else None,
                    "tags": member.category_id.ids,
                    "kept": self.env["retail.member.references"]._kept_rows(member),
                    "moved": list(moved),
                    **more,
                },
            }
        )

    # === RESTORING === #

    def action_restore(self):
        """Make the member again and open it."""
        self.ensure_one()
        self._restore()
        return self._open_member()

    def _open_member(self):
        return self.env["res.partner"].browse(self.member_id)._retail_member_action()

    def _restore(self):
        self.ensure_one()
        if not (self.env.su or self.env.user.has_group("retail_crm.group_member_merge")):
            raise AccessError(self.env._("You may not restore members."))
        self.check_access("read")
        if self.state != "kept":
            raise UserError(self.env._("This member was restored or erased already."))
        # Restoring touches whatever the member had, which the user need not have rights on.
        snapshot = self.sudo()
        if snapshot.kind == "merge":
            snapshot._restore_merged()
        else:
            snapshot._restore_deleted()
        member = snapshot.env["res.partner"].browse(snapshot.member_id)
        if snapshot.data["image"]:
            member.image_1920 = snapshot.data["image"]
        snapshot.write({"state": "restored"})
        self.env["retail.audit.log"]._log("restore", member, detail=snapshot.moved_text)
        member.message_post(
            body=self.env._(
                "Restored by %(user)s from the snapshot of %(date)s.",
                user=self.env.user.name,
                date=fields.Datetime.to_string(snapshot.create_date),
            )
        )

    def _make_member(self):
        """Insert the partner's row; raises UserError when the card went to somebody else."""
        row = self.data["row"]
        members = self.env["res.partner"].with_context(active_test=False)
        if row.get("member_code"):
            holder = members.search([("member_code", "=", row["member_code"])], limit=1)
            if holder:
                raise UserError(
                    self.env._(
                        "%(holder)s has the card %(code)s now. Take it away there first.",
                        holder=holder.display_name,
                        code=row["member_code"],
                    )
                )
        if not self.env["retail.member.references"]._insert_partner(row):
            raise UserError(
                self.env._(
                    "The member can't be made again as it was: the database has changed too "
                    "much since. Enter the member anew."
                )
            )
        return members.browse(row["id"])

    def _restore_deleted(self):
        member = self._make_member()
        for table, row in self.data["kept"]:
            self.env["retail.member.references"]._insert(table, row)
        self.env.invalidate_all()
        member.category_id = member.category_id.browse(self.data["tags"]).exists()
        member._retail_check_duplicates()

    def _restore_merged(self):
        """Make the loser again, give back what moved and, to the survivor, the old values."""
        survivor = self.survivor_id
        if not survivor:
            raise UserError(
                self.env._("The member that this one was merged into is gone. Restore that first.")
            )
        survivor.with_context(tracking_disable=False)._retail_take_back_values(
            self.data["before"], self.data["after"]
        )
        self.env.flush_all()
        member = self._make_member()
        references = self.env["retail.member.references"]
        references._move_back(self.data["moved"], member.id, survivor.id)
        self._split_cards(member)
        (member | survivor)._retail_references_changed()

    def _split_cards(self, member):
        """Give the member's points back, as far as the survivor's card still has them."""
        cards = self.env["loyalty.card"].with_context(active_test=False)
        for entry in self.data["cards"]:
            card, into = cards.browse(entry["card"]).exists(), cards.browse(entry["into"]).exists()
            if not card or not into:
                continue
            points = max(min(entry["points"], into.points), 0.0)
            into.points -= points
            card.write({"points": points, "active": entry["active"], "partner_id": member.id})
            history = self.env["loyalty.history"].browse(entry["history"]).exists()
            history.filtered(lambda line, into=into: line.card_id == into).write(
                {"card_id": card.id}
            )

    # === FORGETTING === #

    def _erase(self):
        """Forget whom these snapshots hold."""
        self.sudo().write(
            {
                "state": "erased",
                "name": self.env._("Erased"),
                "member_code": False,
                "moved_text": False,
                "data": False,
            }
        )

    @api.autovacuum
    def _gc_snapshots(self):
        """Snapshots hold personal data: after a year they are gone."""
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", before)]).unlink()
