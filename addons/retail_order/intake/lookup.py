"""Finds the records that the rows of one batch name, with one search per kind."""

from odoo.fields import Domain

# Names of channels in files of other systems, beside the channel's own code and name.
CHANNEL_WORDS = {"online": "web", "shop": "store", "offline": "store", "telephone": "phone"}


class RowError(Exception):
    """A row names something that can't be used. The text is shown to the user."""


class IntakeLookup:
    """Maps what files write to records; every method raises RowError with the reason."""

    def __init__(self, env, run, rows):
        """`rows`: list of converted value dicts of the whole batch."""
        self.env = env
        self.source = run.order_source_id
        self.company = self.source.company_id
        self._may_be_unknown = run.profile_id.unknown_member == "ignore"
        self._products = self._load_products(rows)
        self._stores = self._load_stores()
        self._channels = self._load_channels()
        self._members = self._load_members(rows)
        self._phones = self._load_phones(rows)

    # === LOADING === #

    def _load_products(self, rows):
        codes = {values["product"] for values in rows if values.get("product")}
        products = self.env["product.product"].search(
            Domain("company_id", "in", [False, self.company.id])
            & (Domain("default_code", "in", codes) | Domain("barcode", "in", codes))
        )
        found = {}
        for field in ("barcode", "default_code"):
            by_code = products.filtered(field).grouped(field)
            found.update({code: by_code[code] for code in codes if code in by_code})
        return found

    def _load_stores(self):
        stores = self.env["stock.warehouse"].search(
            [("is_store", "=", True), ("company_id", "=", self.company.id)]
        )
        return {store.name.casefold(): store for store in stores} | {
            store.code.casefold(): store for store in stores
        }

    def _load_channels(self):
        channels = self.env["sale.channel"].search(
            [("company_id", "in", [False, self.company.id])], order="company_id DESC, id"
        )
        found = {}
        for channel in channels:  # the company's own ones come last and win
            found[channel.name.casefold()] = channel
            if channel.code:
                found[channel.code.casefold()] = channel
        for word, code in CHANNEL_WORDS.items():
            if code in found:
                found.setdefault(word, found[code])
        return found

    def _load_members(self, rows):
        codes = {values["member"] for values in rows if values.get("member")}
        return (
            self.env["res.partner"]
            .search([("member_code", "in", codes), *self._partner_company_domain()])
            .grouped("member_code")
        )

    def _load_phones(self, rows):
        numbers = {self.phone_number(values.get("phone")) for values in rows} - {False}
        return (
            self.env["res.partner"]
            .search(
                [
                    ("phone_sanitized", "in", numbers),
                    ("type", "=", "contact"),
                    *self._partner_company_domain(),
                ]
            )
            .grouped("phone_sanitized")
        )

    def _partner_company_domain(self):
        return [("company_id", "in", [False, self.company.id])]

    # === ANSWERS === #

    def phone_number(self, text):
        """Return the number in E.164 form, or False when it isn't one."""
        if not text:
            return False
        country = self.company.country_id
        return self.env["res.partner"]._phone_format(number=text, country=country) or False

    def product(self, code):
        products = self._products.get(code)
        if not products:
            raise RowError(self.env._("No product has the code or barcode %(code)s.", code=code))
        if len(products) > 1:
            raise RowError(self.env._("Several products have the code %(code)s.", code=code))
        if not products.sale_ok:
            raise RowError(self.env._("Product %(code)s is not for sale.", code=code))
        return products

    def store(self, name):
        """Return the named store, or the source's when the file names none."""
        if not name:
            if not self.source.store_id:
                raise RowError(
                    self.env._("The row names no store, and the order source has none either.")
                )
            return self.source.store_id
        store = self._stores.get(name.casefold())
        if not store:
            raise RowError(self.env._("No store has the code or name %(name)s.", name=name))
        return store

    def channel(self, name):
        """Return the named channel, or the source's when the file names none."""
        if not name:
            return self.source.channel_id
        channel = self._channels.get(name.casefold())
        if not channel:
            raise RowError(self.env._("No channel has the code or name %(name)s.", name=name))
        return channel

    def partner(self, said):
        """Return the buyer named by the order's values, or None for a quick contact to make.

        A member code decides; else the telephone number, members before other contacts.
        """
        code = said.get("member")
        if code:
            members = self._members.get(code)
            if members:
                return members
            if not self._may_be_unknown:
                raise RowError(self.env._("No member has the code %(code)s.", code=code))
        phone = said.get("phone")
        if not phone:
            raise RowError(
                self.env._("The order names no buyer: a member code or a telephone number.")
            )
        number = self.phone_number(phone)
        if not number:
            raise RowError(self.env._("%(phone)s is not a telephone number.", phone=phone))
        partners = self._phones.get(number, self.env["res.partner"])
        members = partners.filtered("is_member")
        if len(members) > 1:
            raise RowError(
                self.env._(
                    "%(count)s members have the number %(phone)s: give the member code.",
                    count=len(members),
                    phone=phone,
                )
            )
        return members or partners.sorted("id")[:1] or None

    def contact_values(self, said):
        """Return the values of a quick contact for a buyer nobody knows yet."""
        return {
            "name": said.get("customer") or said["phone"],
            "phone": said["phone"],
            "street": said.get("street", False),
            "city": said.get("city", False),
            "zip": said.get("zip", False),
            "country_id": self.company.country_id.id,
        }

    def delivery_address(self, partner, said):
        """Return the buyer's address that the file names, made when it's a new one."""
        address = {name: said.get(name, False) for name in ("street", "city", "zip")}

        def is_it(contact):
            return all((contact[name] or False) == value for name, value in address.items())

        if is_it(partner):
            return partner
        known = partner.child_ids.filtered(lambda child: child.type == "delivery" and is_it(child))
        return known[:1] or self.env["res.partner"].create(
            address
            | {
                "name": said.get("customer") or partner.name,
                "type": "delivery",
                "parent_id": partner.id,
                "phone": said.get("phone", False),
                "country_id": partner.country_id.id or self.company.country_id.id,
            }
        )

    def remember_partner(self, partner):
        """Let later orders of the batch find a contact that this batch has made."""
        number = partner.phone_sanitized
        self._phones[number] = self._phones.get(number, partner.browse()) | partner
