from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.res_partner import CONSENTS
from ..models.res_partner_secret import SECRETS

# Chosen together: half of one address and half of another is none.
ADDRESS = ("street", "street2", "city", "state_id", "zip", "country_id")
# Worked out, technical, or treated apart by the merge.
NOT_CHOSEN = {
    "active",
    "calendar_last_notif_ack",
    "color",
    "commercial_company_name",
    "commercial_partner_id",
    "complete_name",
    "create_date",
    "create_uid",
    "customer_rank",
    "display_name",
    "email_normalized",
    "id",
    "image_1920",
    "is_company",
    "is_member",
    "message_bounce",
    "message_main_attachment_id",
    "parent_id",
    "partner_latitude",
    "partner_longitude",
    "partner_share",
    "phone_sanitized",
    "retail_archive_reason",
    "supplier_rank",
    "type",
    "tz",
    "user_id",
    "write_date",
    "write_uid",
    *ADDRESS,
    *(f"{consent}_at" for consent in CONSENTS),
}
# An encrypted field is compared by its keyed hash and moves as it is stored.
SECRET_COLUMNS = {name: (f"{name}_index", f"{name}_cipher") for name in SECRETS}
KINDS = {"boolean", "char", "date", "datetime", "html", "integer", "many2one", "selection", "text"}


class RetailMemberMerge(models.TransientModel):
    """Makes one member of several: which one stays, and whose value of each field."""

    _name = "retail.member.merge"
    _description = "Merge of Members"

    candidate_ids = fields.One2many("retail.member.merge.candidate", "wizard_id", readonly=True)
    survivor_id = fields.Many2one(
        "retail.member.merge.candidate",
        string="Member to Keep",
        domain="[('wizard_id', '=', id)]",
        ondelete="cascade",
        help="Keeps its number, and gets the orders, points, tasks and messages of the others.",
    )
    line_ids = fields.One2many("retail.member.merge.line", "wizard_id")
    moved_text = fields.Text(string="What Moves", compute="_compute_moved_text")

    @api.model
    def _open(self, members):
        """Return the action that opens the merge of these members."""
        if len(members) < 2:
            raise UserError(
                self.env._("Choose two different members: one can't be merged with itself.")
            )
        oldest = members.sorted(lambda member: (not member.active, member.create_date, member.id))
        oldest[0]._retail_check_merge(members - oldest[0])
        wizard = self.create(
            {"candidate_ids": [Command.create({"partner_id": member.id}) for member in oldest]}
        )
        wizard.survivor_id = wizard.candidate_ids[0]
        wizard.line_ids = [
            Command.create({"field_name": name, "source_id": wizard._best_source(name).id})
            for name in wizard._differing_fields()
        ]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Merge Members"),
            "res_model": self._name,
            "res_id": wizard.id,
            "views": [[False, "form"]],
            "target": "new",
        }

    @api.depends("candidate_ids", "survivor_id")
    def _compute_moved_text(self):
        references = self.env["retail.member.references"].sudo()  # counts what the user can't see
        for wizard in self:
            losers = (wizard.candidate_ids - wizard.survivor_id).partner_id
            counts = references._count(losers.ids) if losers else {}
            wizard.moved_text = ", ".join(
                f"{label}: {count}" for label, count in sorted(counts.items())
            )

    @api.onchange("survivor_id")
    def _onchange_survivor_id(self):
        for line in self.line_ids:
            line.source_id = self._best_source(line.field_name)

    def _best_source(self, name):
        """Return the candidate whose value is the likely one: the survivor's, if it has any.

        A member who asked not to be contacted stays so, whoever is kept; of consents the last
        word counts.
        """
        order = self.survivor_id | self.candidate_ids
        if name in CONSENTS:
            return max(order, key=lambda each: each.partner_id[f"{name}_at"] or date.min)
        for candidate in order:
            partner = candidate.partner_id.sudo()
            if any(partner[column] for column in _columns(name)):
                return candidate
        return self.survivor_id

    def _differing_fields(self):
        """Return the names of the fields in which the members differ; "address" for all of it."""
        partners = self.candidate_ids.partner_id.sudo()
        names = [
            name
            for name in (*self._choosable_fields(partners), *SECRETS, "address")
            if self._differs(partners, name)
        ]
        first = ("name", "member_code", "phone", "email")
        return sorted(names, key=lambda name: first.index(name) if name in first else len(first))

    def _differs(self, partners, name):
        # The same text is encrypted otherwise each time; its hash is the same.
        columns = SECRET_COLUMNS[name][:1] if name in SECRETS else _columns(name)
        return any(
            partner[column] != partners[0][column] for partner in partners for column in columns
        )

    def _choosable_fields(self, partners):
        for name, field in partners._fields.items():
            if not field.store or field.type not in KINDS or name in NOT_CHOSEN:
                continue
            if any(name in columns for columns in SECRET_COLUMNS.values()):
                continue
            if field.company_dependent or (field.compute and field.readonly):
                continue
            yield name

    def action_merge(self):
        """Merge and open the member that stays."""
        self.ensure_one()
        survivor = self.survivor_id.partner_id
        losers = self.candidate_ids.partner_id - survivor
        survivor._retail_merge(losers, self._chosen_values())
        return survivor._retail_member_action()

    def _chosen_values(self):
        """Return the values that the survivor takes over, as ``write`` takes them."""
        values = {}
        for line in self.line_ids.filtered(lambda line: line.source_id != self.survivor_id):
            source = line.source_id.partner_id.sudo()
            for name in _columns(line.field_name):
                value = source[name]
                values[name] = value.id if isinstance(value, models.BaseModel) else value
        return values


def _columns(name):
    """Return the fields of the member that hold what is chosen under one name."""
    if name == "address":
        return ADDRESS
    if name in CONSENTS:  # with the day on which it was given or taken back
        return (name, f"{name}_at")
    return SECRET_COLUMNS.get(name, (name,))
