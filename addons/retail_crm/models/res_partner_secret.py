from odoo import api, fields, models
from odoo.fields import Domain

from ..crm_engine.masking import is_masked

# Encrypted field -> what its normal form is made of.
SECRETS = ("retail_phone2", "retail_wechat", "retail_id_number")
UNREADABLE = "*** (key missing)"
ROTATE_BATCH = 1_000  # members


def _secret(name, **attributes):
    """Return the field ``name``, kept encrypted in ``<name>_cipher`` and found by its hash."""
    return fields.Char(
        compute="_compute_retail_secrets",
        inverse=lambda partners: partners._retail_encrypt(name),
        search=lambda partners, operator, value: partners._retail_search_secret(
            name, operator, value
        ),
        copy=False,
        **attributes,
    )


def _stored(**attributes):
    return fields.Char(groups="base.group_system", copy=False, **attributes)


class ResPartner(models.Model):
    _inherit = "res.partner"

    retail_phone2 = _secret(
        "retail_phone2",
        string="Second Phone",
        help="Stored encrypted; found by the whole number only.",
    )
    retail_wechat = _secret(
        "retail_wechat",
        string="WeChat",
        help="Stored encrypted; found by the whole name only.",
    )
    retail_id_number = _secret(
        "retail_id_number",
        string="ID Number",
        help="Stored encrypted; found by the whole number only.",
    )
    # What the database holds: cipher text, and a keyed hash to find whole values by.
    retail_phone2_cipher = _stored()
    retail_phone2_index = _stored(index="btree_not_null")
    retail_wechat_cipher = _stored()
    retail_wechat_index = _stored(index="btree_not_null")
    retail_id_number_cipher = _stored()
    retail_id_number_index = _stored(index="btree_not_null")

    # === READING AND WRITING === #

    @api.depends(*[f"{name}_cipher" for name in SECRETS])
    def _compute_retail_secrets(self):
        keys = self.env["retail.key.ring"]
        ring = keys._ring()
        # The cipher text is for the server alone.
        for partner, stored in zip(self, self.sudo(), strict=True):
            for name in SECRETS:
                cipher = stored[f"{name}_cipher"]
                plain = keys._decrypt(ring, cipher) if cipher else False
                partner[name] = UNREADABLE if plain is None else plain

    def _retail_encrypt(self, name):
        for partner in self:
            value = (partner[name] or "").strip()
            if is_masked(value):
                continue  # what can't be read is never written over
            # The cipher text is for the server alone.
            partner.sudo().write(self._prepare_secret_values(name, value))

    @api.model
    def _prepare_secret_values(self, name, value):
        if not value:  # to empty a field takes no key
            return {f"{name}_cipher": False, f"{name}_index": False}
        ring = self.env["retail.key.ring"]._ring_to_write()
        return {
            f"{name}_cipher": ring.encrypt(value),
            f"{name}_index": ring.index(name, self._retail_secret_form(name, value)),
        }

    @api.model
    def _retail_secret_form(self, name, value):
        """Return the form in which two writings of the same value are equal."""
        value = "".join(value.split())
        if name == "retail_phone2":
            return self._retail_phone_number(value) or value
        return value.lower()

    # === FINDING === #

    @api.model
    def _retail_search_secret(self, name, operator, value):
        """Find by whole values: the blind index knows no parts."""
        if operator in ("like", "ilike", "=like", "=ilike"):
            operator, value = "in", [str(value).strip("%")]
        if operator != "in":
            return NotImplemented
        known = [item for item in value if item]
        domain = Domain(f"{name}_index", "in", self._retail_secret_indexes(name, known))
        if len(known) < len(value):
            domain |= Domain(f"{name}_cipher", "=", False)
        # The index is for the server alone: it is asked past the rights on the field.
        return Domain("id", "in", self.sudo()._search(domain, active_test=False))

    @api.model
    def _retail_secret_indexes(self, name, values):
        ring = self.env["retail.key.ring"]._ring()
        if not ring:
            return []
        return [
            index
            for value in values
            for index in ring.indexes(name, self._retail_secret_form(name, str(value)))
        ]

    # === PRIVACY === #

    @api.model
    def _contact_fields_own(self):
        return {
            **super()._contact_fields_own(),
            "retail_phone2": ("", "phone"),
            "retail_wechat": ("", "text"),
            "retail_id_number": ("", "text"),
        }

    @api.model
    def _contact_guard_condition(self, condition):
        if condition.field_expr in SECRETS:
            return condition  # found by whole values only, whoever asks
        return super()._contact_guard_condition(condition)

    def _retail_whole_domain(self, text):
        domain = super()._retail_whole_domain(text)
        for name in ("retail_phone2", "retail_wechat"):
            domain |= Domain(f"{name}_index", "in", self._retail_secret_indexes(name, [text]))
        return domain

    # === NEW KEY === #

    @api.model
    def _cron_rotate_keys(self):
        """Encrypt anew, with the first key, what older keys of the ring encrypted."""
        keys = self.env["retail.key.ring"]
        ring = keys._ring_to_write()
        domain = Domain.OR(Domain(f"{name}_cipher", "!=", False) for name in SECRETS)
        partners = self.with_context(active_test=False).search_fetch(
            domain, [f"{name}_cipher" for name in SECRETS]
        )
        stale = partners.filtered(lambda partner: partner._retail_stale_secrets(ring))
        done = 0
        for start in range(0, len(stale), ROTATE_BATCH):
            batch = stale[start : start + ROTATE_BATCH]
            batch._retail_rotate(ring)
            done += len(batch)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=len(stale) - done):
                break
        if done == len(stale):
            keys._renew_check(ring)
        self.env["retail.audit.log"]._log(
            "key", detail=self.env._("%(count)s members encrypted anew.", count=done)
        )

    def _retail_stale_secrets(self, ring):
        return [
            name
            for name in SECRETS
            if self[f"{name}_cipher"] and not ring.is_current(self[f"{name}_cipher"])
        ]

    def _retail_rotate(self, ring):
        for partner in self:
            for name in partner._retail_stale_secrets(ring):
                value = self.env["retail.key.ring"]._decrypt(ring, partner[f"{name}_cipher"])
                if value is not None:  # else it stays: the right key may come back
                    partner.write(self._prepare_secret_values(name, value))
