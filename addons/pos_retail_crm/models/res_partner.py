from odoo import api, models
from odoo.addons.retail_crm.crm_engine.masking import MASKS, is_masked

# What the till keeps of a member whom it may never need; the rest comes when it is chosen.
SLIM_FIELDS = [
    "id",
    "name",
    "barcode",
    "lang",
    "is_company",
    "phone",
    "email",
    "write_date",
    "property_account_receivable_id",
    "is_member",
    "member_code",
    "retail_class_id",
    "retail_store_id",
    "retail_special_need",
    "retail_preference",
]
FULL_FIELDS = [
    "is_member",
    "member_code",
    "retail_class_id",
    "retail_store_id",
    "retail_special_need",
    "retail_preference",
]
MASKED = {"phone": MASKS["phone"], "email": MASKS["email"]}
MARK_DIGITS = 8  # digits of a number's end that tell it whatever stands before it
MARK_BITS = 10


def phone_mark(number):
    """Return a short hash of a phone number, by which the till knows a whole number again.

    Of 10 bits: with the four digits that the mask shows it tells one number from another well
    enough, and not enough to find the hidden digits by trying.
    Twin: phoneMark in static/src/app/utils/member_search.js
    """
    digits = "".join(char for char in number or "" if char.isdigit())[-MARK_DIGITS:]
    if len(digits) < MARK_DIGITS:
        return False
    value = 0x811C9DC5
    for char in digits:
        value = ((value ^ ord(char)) * 0x01000193) & 0xFFFFFFFF
    return value & ((1 << MARK_BITS) - 1)


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _load_pos_data_fields(self, config):
        if self.env.context.get("retail_till_slim"):
            return SLIM_FIELDS
        return [*super()._load_pos_data_fields(config), *FULL_FIELDS]

    @api.model
    def _load_pos_data_search_read(self, data, config):
        """Add the members whom the till keeps: those of its store who were active lately."""
        rows = super()._load_pos_data_search_read(data, config)
        since = None
        if self.env.context.get("pos_limited_loading", True):
            since = self.env.context.get("pos_last_server_date") or None
        known = {row["id"] for row in rows}
        ids = [id_ for id_ in config._retail_cached_member_ids(since) if id_ not in known]
        if not ids:
            return rows
        slim = self.with_context(retail_till_slim=True)
        return rows + slim._load_pos_data_read(slim.browse(ids), config)

    @api.model
    def _load_pos_data_read(self, records, config):
        """Add what finds a member offline, and what the card shows of them."""
        rows = super()._load_pos_data_read(records, config)
        slim = bool(self.env.context.get("retail_till_slim"))
        members = self.browse(row["id"] for row in rows if row["is_member"])
        # The number is hashed, never sent; the letters are those of the name.
        secrets = members.sudo()
        secrets.fetch(["phone", "phone_sanitized", "retail_name_index", "retail_guide_id"])
        marks = {member.id: member for member in secrets}
        briefs = members and members.with_company(config.company_id)._retail_till_brief()
        for row in rows:
            row["_retail_slim"] = slim
            if row["id"] in marks:
                member = marks[row["id"]]
                row["_retail_mark"] = phone_mark(member.phone_sanitized or member.phone)
                row["_retail_letters"] = member.retail_name_index or ""
                row["_retail_guide"] = member.retail_guide_id.id
                row["_retail_brief"] = briefs[row["id"]]
        if slim:
            self._retail_slim_rows(rows, members, config)
        return rows

    @api.model
    def _retail_slim_rows(self, rows, members, config):
        """Mask what is kept on the device, whoever opens the till, and add what prices need."""
        pricelists = members._retail_till_pricelists(config)
        positions = members._retail_till_fiscal_positions(config)
        for row in rows:
            for name, mask in MASKED.items():
                if row[name] and not is_masked(row[name]):
                    row[name] = mask(row[name])
            row["property_product_pricelist"] = pricelists.get(row["id"], False)
            row["fiscal_position_id"] = positions.get(row["id"], False)

    def _retail_till_pricelists(self, config):
        return self._retail_till_shared(
            config,
            "property_product_pricelist",
            ["specific_property_product_pricelist", "retail_class_id", "country_id"],
        )

    def _retail_till_fiscal_positions(self, config):
        positions = self.env["account.fiscal.position"].sudo().with_company(config.company_id)
        automatic = positions.search(
            [*positions._check_company_domain(config.company_id), ("auto_apply", "=", True)]
        )
        names = ["property_account_position_id"]
        if automatic:
            names += ["country_id", "state_id", "vat"]
        if any(automatic.mapped("zip_from")):
            names.append("zip")
        return self._retail_till_shared(config, "fiscal_position_id", names)

    def _retail_till_shared(self, config, name, deciding):
        """Return {member id: id}, a field that is computed once for those who are alike.

        name: a computed many2one; deciding: the fields that it depends on.
        """
        # What a member pays doesn't hang on what the cashier may read.
        members = self.sudo().with_company(config.company_id)
        members.fetch(deciding)
        alike = members.grouped(lambda member: tuple(member[field] for field in deciding))
        firsts = members.browse(some[:1].id for some in alike.values())
        return {
            member.id: first[name].id
            for first, some in zip(firsts, alike.values(), strict=True)
            for member in some
        }

    # === KEPT ON THE DEVICE === #

    def _unrelevant_records(self, config):
        """Return the ids of those that the till must forget: archived, or gone to other stores."""
        store_id = config.retail_store_id.id
        # Whoever may not read a member any more doesn't keep them either.
        kept = self.sudo().filtered(
            lambda partner: (
                partner.active
                and (
                    not partner.is_member
                    or not partner.retail_store_id
                    or partner.retail_store_id.id == store_id
                )
            )
        )
        return (self - kept.with_env(self.env)).ids
