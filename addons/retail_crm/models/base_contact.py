from collections.abc import Collection

from odoo import api, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..crm_engine.masking import MASKS, is_masked
from ..crm_engine.prose import PROSE, may_name_contact

FREE_AGGREGATES = ("count", "count_distinct")
MAX_EXACT = 50  # whole values in one condition: what an incoming mail names, not a phone book


class Base(models.AbstractModel):
    """Contact data of members leaves the server masked, whichever model it is read through.

    A model whose field shows a member's phone, mail or street is found by itself when the field
    is related to the member; a model that stores a copy names it in `_contact_fields_own`.
    Only what goes to a client is masked: `record.phone` in code is whole, and so are the mails
    and messages that the server sends.
    """

    _inherit = "base"

    # === WHAT IS CONTACT DATA, AND FOR WHOM === #

    @api.model
    def _contact_fields_own(self):
        """Return {field: (path to the partner, kind)}.

        Kinds: those of MASKS; "address"; those of PROSE for texts in which somebody may have
        typed a phone or a mail.
        """
        return {}

    @tools.ormcache()
    def _contact_fields(self):
        """Return `_contact_fields_own` with the fields that are related to contact data."""
        found = {name: self._contact_field(name) for name in self._fields}
        return {name: target for name, target in found.items() if target}

    def _contact_field(self, name):
        """Return (path to the partner, kind) of one field, None if it is no contact data."""
        own = self._contact_fields_own().get(name)
        field = self._fields.get(name)
        if own or not field or not field.related or field.type not in ("char", "text", "html"):
            return own if field else None
        return self._contact_follow(field.related)

    def _contact_follow(self, expression):
        """Return (path to the partner, kind) of a dotted expression, None if it is no contact."""
        model, hops = self, expression.split(".")
        for hop in hops[:-1]:
            field = model._fields.get(hop)
            if not field or not field.comodel_name:
                return None
            model = self.env[field.comodel_name]
        target = model._contact_field(hops[-1])
        if not target:
            return None
        path, kind = target
        return ".".join([*hops[:-1], *([path] if path else [])]), kind

    @api.model
    def _contact_hidden(self):
        """Tell whether the current user gets contact data masked.

        The server itself (sudo) doesn't, and neither do customers of the portal, who see their
        own data only.
        """
        user = self.env.user
        return (
            not self.env.su
            and user.has_group("base.group_user")
            and not user.has_group("retail_crm.group_contact_data")
        )

    def _contact_partners(self, path):
        """Return {record: partner} along a path from `_contact_fields`."""
        # Whose the data is decides: the reader may not read the member.
        found = self.sudo()
        return {
            record: found_one.mapped(path) if path else found_one
            for record, found_one in zip(self, found, strict=True)
        }

    def _contact_mask_values(self, rows):
        """Mask contact data of records in place. rows: [(record, {field: value})]."""
        fields_ = self._contact_fields()
        names = {name for _record, values in rows for name in values if name in fields_}
        for path in {fields_[name][0] for name in names}:
            partners = self._contact_partners(path)
            ids = {partner.id for found in partners.values() for partner in found}
            masked = self.env["res.partner"].browse(ids)._contact_masked()
            for record, values in rows:
                partner = partners[record][:1]
                if partner.id not in masked:
                    continue
                for name in names & values.keys():
                    if fields_[name][0] == path and values[name]:
                        values[name] = partner._contact_mask(fields_[name][1], values[name])

    # === READING === #

    def _read_format(self, fnames, load="_classic_read"):
        rows = super()._read_format(fnames, load)
        fields_ = self._contact_fields()
        if fields_ and rows and not fields_.keys().isdisjoint(fnames) and self._contact_hidden():
            existing = {record.id: record for record in self}
            self._contact_mask_values([(existing[row["id"]], row) for row in rows])
        return rows

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        known = self._contact_fields()
        columns = {
            index: path[0]
            for index, path in enumerate(fields)
            if path and len(path) == 1 and path[0] in known
        }
        if not columns or not self._contact_hidden():
            return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        # One more column tells which line is which record's first one.
        lines = super()._export_rows([*fields, [".id"]], _is_toplevel_call=_is_toplevel_call)
        records = {str(record.id): record for record in self}
        rows, kept = [], []
        for line in lines:
            record = records.get(line.pop())
            if record is not None:
                kept.append(line)
                rows.append((record, {name: line[index] for index, name in columns.items()}))
        self._contact_mask_values(rows)
        for line, (_record, values) in zip(kept, rows, strict=True):
            for index, name in columns.items():
                line[index] = values[name]
        return lines

    def export_data(self, fields_to_export):
        """File who took which records out, with which fields."""
        result = super().export_data(fields_to_export)
        self.env["retail.audit.log"]._log_set("export", self, detail=", ".join(fields_to_export))
        return result

    def onchange(self, values, field_names, fields_spec):
        """Take out what an onchange copies from a member: the client never gets it in clear."""
        result = super().onchange(values, field_names, fields_spec)
        if result.get("value") and self._contact_hidden():
            typed = set(field_names) & values.keys()
            self._contact_clean_onchange(result["value"], values, typed)
        return result

    def _contact_clean_onchange(self, value, values, typed):
        for name, (path, kind) in self._contact_fields().items():
            if name in typed or not value.get(name):
                continue
            partner = self._contact_onchange_partner(path, value, values)
            if partner and partner.id in partner._contact_masked():
                value[name] = partner._contact_mask(kind, value[name])
        for name, field in self._fields.items():
            if field.type in ("one2many", "many2many") and isinstance(value.get(name), list):
                lines = self.env[field.comodel_name]
                for command in value[name]:
                    if len(command) == 3 and isinstance(command[2], dict):
                        line = lines.browse(command[1] if isinstance(command[1], int) else ())
                        line._contact_clean_onchange(command[2], {}, set())

    def _contact_onchange_partner(self, path, value, values):
        """Return whose contact data a form shows: what is chosen on it, else what is stored."""
        first, _dot, rest = path.partition(".")
        chosen = value.get(first, values.get(first))
        if isinstance(chosen, dict):
            chosen = chosen.get("id")
        # Whose the data is decides: the reader may not read the member.
        if first and isinstance(chosen, int) and self._fields[first].comodel_name:
            target = self.env[self._fields[first].comodel_name].browse(chosen).sudo()
            return target.mapped(rest) if rest else target
        return self.sudo().mapped(path) if path else self.sudo()

    def copy_data(self, default=None):
        """A copy that a user without the right makes starts without the contact data.

        Texts come along as the user saw them.
        """
        rows = super().copy_data(default)
        known = self._contact_fields()
        if known and self._contact_hidden():
            for record, values in zip(self, rows, strict=True):
                for name in known.keys() & values.keys() - (default or {}).keys():
                    path, kind = known[name]
                    partner = record._contact_partners(path)[record][:1]
                    if not partner._contact_masked():
                        continue
                    text = values.pop(name)
                    if kind in PROSE and text:
                        values[name] = partner._contact_mask(kind, text)
        return rows

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        suggested = super()._message_get_suggested_recipients_batch(*args, **kwargs)
        if self._contact_hidden():
            rows = [row for recipients in suggested.values() for row in recipients]
            ids = [row["partner_id"] for row in rows if row.get("partner_id")]
            masked = self.env["res.partner"].browse(ids)._contact_masked()
            for row in rows:
                if row.get("partner_id") in masked and row.get("email"):
                    row["email"] = MASKS["email"](row["email"])
        return suggested

    # === WRITING === #

    @api.model
    def _contact_refuse_masked(self, values):
        """Refuse to store a masked value as the true one."""
        for name, (_path, kind) in self._contact_fields().items():
            if kind not in PROSE and is_masked(values.get(name)):
                raise UserError(
                    self.env._(
                        "%(value)s is not whole: type the whole value, or leave %(field)s as it"
                        " was.",
                        value=values[name],
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    def _contact_restore(self, values):
        """Return the values with what a user was shown masked in texts put back.

        Whoever writes: a value with a mask in it may be the text that a form read.
        """
        texts = {
            name: PROSE[kind][1]
            for name, (_path, kind) in self._contact_fields().items()
            if kind in PROSE and is_masked(values.get(name))
        }
        if not texts or len(self) != 1:
            return values
        region = self.env.company.country_id.code
        # The true text, whatever the writer sees.
        stored = self.sudo()
        restored = {
            name: restore(values[name], stored[name], region)
            for name, restore in texts.items()
            if stored[name]
        }
        return {**values, **restored}

    def _contact_check_partner(self, values):
        """Refuse to move what tells of a member to somebody whose data the user sees."""
        if "partner_id" not in values or not self._contact_hidden():
            return
        partners = self.env["res.partner"]
        # Whose the data is decides: the reader may not read the member.
        now = partners.browse(self.sudo().partner_id.ids)
        if now._contact_masked() and not partners.browse(values["partner_id"])._contact_masked():
            raise AccessError(
                self.env._(
                    "Texts about a member can't be moved to somebody else: ask customer service."
                )
            )

    # === SEARCHING, GROUPING, SORTING === #

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self._contact_hidden():
            domain = self._contact_guard(Domain(domain))
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _contact_guard(self, domain):
        """Let conditions on contact data find only partners that the user sees in clear.

        An exact value finds everybody: who has the phone in front of them may look it up.
        """
        return domain.map_conditions(self._contact_guard_condition)

    def _contact_guard_condition(self, condition):
        expression, operator, value = condition.field_expr, condition.operator, condition.value
        if operator in ("any", "not any") and isinstance(value, Domain | list | tuple):
            field = self._fields.get(expression)
            if field and field.comodel_name:
                guarded = self.env[field.comodel_name]._contact_guard(Domain(value))
                return Domain(expression, operator, guarded)
            return condition
        target = self._contact_follow(expression)
        if not target or _is_exact(operator, value):
            return condition
        path, kind = target
        if kind in PROSE and not any(may_name_contact(str(item)) for item in _as_list(value)):
            return condition
        return condition & self._contact_shown_along(path)

    @api.model
    def _contact_shown_along(self, path):
        """Return the domain of the records whose partner along a path the user sees in clear."""
        if not path:
            return self.env["res.partner"]._contact_shown_domain()
        hop, _dot, rest = path.partition(".")
        comodel = self.env[self._fields[hop].comodel_name]
        return Domain(hop, "any", comodel._contact_shown_along(rest))

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._contact_refuse(groupby_spec.split(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(":")
        if function not in FREE_AGGREGATES:
            self._contact_refuse(name)
        return super()._read_group_select(aggregate_spec, query)

    def _contact_refuse(self, name):
        if name in self._contact_fields() and self._contact_hidden():
            raise AccessError(
                self.env._(
                    "You can't group by %(field)s: you have no right to see contact data.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in self._contact_fields() and self._contact_hidden():
            # The order of masked values would tell them, step by step.
            field_name, nulls = "id", SQL()
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)


def _is_exact(operator, value):
    """Tell whether a condition names whole values, or asks only whether there is one."""
    if operator in ("=", "in"):
        known = [item for item in _as_list(value) if item]
        return len(known) <= MAX_EXACT and all(isinstance(item, str) for item in known)
    return operator in ("!=", "not in") and not any(_as_list(value))


def _as_list(value):
    return list(value) if isinstance(value, Collection) and not isinstance(value, str) else [value]
