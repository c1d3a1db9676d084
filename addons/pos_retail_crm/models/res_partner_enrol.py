import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.addons.retail_crm.models.res_partner import CONSENTS
from odoo.addons.retail_crm.models.res_partner_duplicates import FILE_LATER
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class ResPartner(models.Model):
    """Members who join at the till: at once, or later when the till had no connection."""

    _inherit = "res.partner"

    retail_till_uuid = fields.Char(
        string="Till's Number of the Member",
        copy=False,
        readonly=True,
        export_string_translation=False,
        help="The same new member sent twice by a till stays one.",
    )

    _retail_till_uuid_uniq = models.UniqueIndex(
        "(retail_till_uuid) WHERE retail_till_uuid IS NOT NULL",
        "This new member of a till exists.",
    )

    @api.model
    def retail_till_enrol(self, config_id, values):
        """Make a member at the till, unless somebody has the phone; return what the till loads.

        values: {uuid, name, phone, and the consents that were given}. Returns {"res.partner":
        rows, "duplicate": bool}: the new member, or those who have the phone. Finding them is a
        lookup like any other: counted and filed.
        """
        config = self.env["pos.config"].browse(config_id)
        config.check_access("read")
        member = self._retail_find_enrolled(values)
        if member:
            return self._retail_enrolled(config, member)
        if not (values.get("name") or "").strip():
            raise UserError(self.env._("A member needs a name. Please enter it."))
        if not self._retail_phone_number(values.get("phone")):
            raise UserError(
                self.env._(
                    "%(phone)s is no whole phone number. Correct it, so that the member can be"
                    " found and reached.",
                    phone=values.get("phone") or "",
                )
            )
        found = self.retail_find_exact(values["phone"])
        if found:
            twins = self.browse(row["id"] for row in found)
            return self._retail_enrolled(config, twins, duplicate=True)
        return self._retail_enrolled(config, self._retail_make_enrolled(config, values))

    @api.model
    def retail_till_enrol_late(self, config_id, values_list):
        """Make the members that a till took down without a connection; refuse none.

        Returns {"res.partner": rows, "ids": {uuid: id}}. Who has the phone of another member
        is made all the same and stands among the likely duplicates.
        """
        config = self.env["pos.config"].browse(config_id)
        config.check_access("read")
        members = {}
        for values in values_list:
            member = self._retail_enrol_later(config, values)
            if member:
                members[values["uuid"]] = member.id
        rows = self._load_pos_data_read(self.browse(members.values()), config)
        return {"res.partner": rows, "ids": members}

    @api.model
    def _retail_enrol_later(self, config, values):
        """Return the member taken down offline; empty, and said in the log, where none can be.

        The order that carries the values is kept whatever is wrong with them.
        """
        if not isinstance(values, dict) or not values.get("uuid"):
            return self.browse()
        # Two requests with the same new member meet here: one of them is tried again.
        self.env["retail.member.guard"]._touch([str(values["uuid"])])
        member = self._retail_find_enrolled(values)
        if member:
            return member
        try:
            with self.env.cr.savepoint():
                filing = self.with_context(retail_duplicates=FILE_LATER)
                return filing._retail_make_enrolled(config, values).with_env(self.env)
        except OperationalError:
            raise  # a conflict with another request: Odoo tries again
        except Exception:  # pylint: disable=broad-except
            # What was taken down stays on the order or in the till; a log is no place for it.
            _logger.exception("New member %s of till %s is not made", values["uuid"], config.name)
            return self.browse()

    @api.model
    def _retail_find_enrolled(self, values):
        # The till that made the member may have lost the answer.
        everyone = self.sudo().with_context(active_test=False)
        found = everyone.search([("retail_till_uuid", "=", str(values["uuid"]))])
        return found.with_env(self.env)

    @api.model
    def _retail_make_enrolled(self, config, values):
        given = {name: True for name in CONSENTS if values.get(name)}
        return self.create(
            {
                "name": values["name"].strip(),
                "phone": (values.get("phone") or "").strip(),
                "is_member": True,
                "retail_store_id": config.retail_store_id.filtered("is_store").id,
                "retail_consent_origin": "till",
                "retail_till_uuid": str(values["uuid"]),
                **given,
            }
        )

    @api.model
    def _retail_enrolled(self, config, members, duplicate=False):
        rows = self._load_pos_data_read(members, config)
        return {"res.partner": rows, "duplicate": duplicate}
