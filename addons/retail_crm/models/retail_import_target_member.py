import json
import re
from collections import defaultdict

import phonenumbers

from odoo import fields, models
from odoo.addons.phone_validation.tools.phone_validation import phone_parse
from odoo.exceptions import UserError
from odoo.tools import SQL, email_normalize, html2plaintext, html_escape

GENDERS = {
    "male": {"male", "m", "man", "mr", "男", "男性", "先生"},
    "female": {"female", "f", "woman", "ms", "mrs", "女", "女性", "女士", "小姐"},
    "other": {"other", "其他", "其它"},
}
# Field of the file -> field of the member, where the text is taken as it is.
PLAIN = {
    "name": "name",
    "key": "retail_external_key",
    "code": "member_code",
    "street": "street",
    "city": "city",
    "zip": "zip",
    "birthday": "birthdate_date",
    "do_not_contact": "do_not_contact",
    "shared_phone": "retail_shared_phone",
}
LINKS = {
    "class": "retail_class_id",
    "store": "retail_store_id",
    "guide": "retail_guide_id",
    "source": "retail_source_id",
    "referrer": "retail_referrer_id",
}
# Encrypted fields.
SECRETS = {"phone2": "retail_phone2", "wechat": "retail_wechat"}
# Worked out here as the ORM would, so that it need not be asked row by row.
KNOWN = {"commercial_partner_id", "complete_name", "email_normalized", "phone_sanitized"}
LETTER = re.compile(r"[^\W\d_]")
OWN_COLUMNS = ("create_date", "create_uid", "write_date", "write_uid")
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class RetailImportTargetMember(models.AbstractModel):
    """Members, made or brought up to date: found by key, card, phone or email, in this order.

    New members of a batch are written by one INSERT, whose other columns are those that the
    ORM gives a new member; changed ones are written by the ORM, unchanged ones not at all.
    Empty cells leave what the member has.
    """

    _name = "retail.import.target.member"
    _inherit = "retail.import.target"
    _description = "Import of Members"

    _import_batch_size = 2000

    def _import_fields(self):
        _ = self.env._
        texts = {
            "key": (_("Key in the Older System"), ["External ID", "Member ID", "会员ID", "會員ID"]),
            "code": (
                _("Card"),
                ["Member Code", "Card Number", "会员卡号", "會員卡號", "卡号", "卡號", "会员编号"],
            ),
            "name": (_("Name"), ["Full Name", "Member", "姓名", "会员姓名", "會員姓名", "名称"]),
            "phone": (
                _("Phone"),
                ["Mobile", "Telephone", "手机", "手机号", "手機", "手機號碼", "电话", "電話"],
            ),
            "email": (_("Email"), ["E-mail", "Mail", "邮箱", "电子邮件", "電子郵件", "信箱"]),
            "phone2": (_("Second Phone"), ["Phone 2", "其他电话", "其他電話", "备用电话"]),
            "wechat": (_("WeChat"), ["WeChat ID", "微信", "微信号", "微信號"]),
            "class": (
                _("Class"),
                ["Member Class", "Level", "会员等级", "會員等級", "等级", "等級", "客户类别"],
            ),
            "store": (
                _("Home Store"),
                ["Store", "Store Code", "门店", "门店编码", "門店", "門市", "所属门店"],
            ),
            "guide": (_("Guide"), ["Salesperson", "导购", "導購", "专属导购", "專屬導購"]),
            "source": (_("Source"), ["Member Source", "来源", "來源", "会员来源", "會員來源"]),
            "referrer": (_("Recommended By"), ["Referrer", "推荐人", "推薦人", "推荐人卡号"]),
            "lunar_birthday": (
                _("Lunar Birthday"),
                ["农历生日", "農曆生日", "阴历生日", "陰曆生日"],
            ),
            "gender": (_("Gender"), ["Sex", "性别", "性別"]),
            "street": (_("Street"), ["Address", "地址", "街道", "联系地址", "聯絡地址"]),
            "city": (_("City"), ["城市", "市"]),
            "zip": (_("ZIP"), ["Postal Code", "Zip Code", "邮编", "郵遞區號", "邮政编码"]),
            "tags": (_("Tags"), ["Tag", "标签", "標籤", "客户标签"]),
            "note": (_("Note"), ["Notes", "Remark", "备注", "備註"]),
        }
        specs = {
            name: {"label": label, "type": "char", "aliases": aliases}
            for name, (label, aliases) in texts.items()
        }
        specs["name"]["required"] = True
        specs["birthday"] = {
            "label": _("Birthday"),
            "type": "date",
            "aliases": ["Birth Date", "Date of Birth", "生日", "出生日期"],
        }
        specs["do_not_contact"] = {
            "label": _("Do Not Contact"),
            "type": "boolean",
            "aliases": ["No Contact", "勿扰", "勿擾", "请勿联系"],
        }
        specs["shared_phone"] = {
            "label": _("Shares This Phone"),
            "type": "boolean",
            "aliases": ["Shared Phone", "共用电话", "共用電話"],
        }
        return specs

    def _import_key(self, values):
        for name in ("key", "code"):
            if values.get(name):
                return f"{name}:{values[name]}"
        if values.get("phone"):
            return f"phone:{_digits(values['phone'])}"
        return f"email:{values['email'].lower()}" if values.get("email") else None

    def _import_batch(self, run, rows):
        cells_by_row = {row: row.values for row in rows}  # reading a Json field copies it
        found = self._find_records(run, cells_by_row.values())
        results, new, changed = {}, {}, {}
        for row, cells in cells_by_row.items():
            member = self._find_member(cells, found)
            values, problem = self._member_values(run, cells, member, found)
            if problem:
                results[row] = ("error", problem, False)
            elif not member:
                new[row] = values
            elif values:
                changed[row] = (member, values)
            else:
                results[row] = ("unchanged", "", member)
        notes = self._refuse_duplicates(run, new, changed, results)
        results.update(self._write_changed(changed, notes))
        results.update(self._insert_new(run, new, notes))
        return results

    # === FINDING RECORDS === #

    def _find_records(self, run, rows):
        """Return what the texts of all rows name; a few queries for the whole batch."""
        texts = defaultdict(set)
        for cells in rows:
            for name in ("key", "code", "referrer", "guide"):
                if cells.get(name):
                    texts[name].add(cells[name])
            if cells.get("phone"):
                texts["digits"].add(_digits(cells["phone"]))
            if cells.get("email"):
                texts["email"].add(email_normalize(cells["email"], strict=False) or "")
        country = run.company_id.country_id
        found = self._find_members(run, texts, country.phone_code or "")
        history = self.env["retail.import.target.history"]
        found["class"] = self._by_name("retail.customer.class", ("name", "code"))
        stores = self.env["stock.warehouse"].sudo()
        stores = stores.search([("company_id", "=", run.company_id.id), ("is_store", "=", True)])
        found["store"] = _by_texts(stores, ("name", "code"))
        guides = history._find_guides(run, texts["guide"])
        found["guide"] = {name.casefold(): user.id for name, user in guides.items()}
        found["source"] = self._find_sources(rows)
        found["tags"] = self._found_or_made("res.partner.category", rows, "tags")
        found["country"] = country
        genders = dict(self.env["res.partner"]._fields["gender"]._description_selection(self.env))
        found["gender"] = {
            word: value
            for value, label in genders.items()
            for word in GENDERS.get(value, set()) | {str(label).casefold()}
        }
        return found

    def _find_members(self, run, texts, phone_code):
        """Return {"key"|"code"|"phone"|"email": {text: member}}, prefetched.

        Phones are looked for with and without the country's code in the file.
        """
        digits = texts["digits"]
        numbers = {number for text in digits for number in _numbers(text, phone_code)}
        members = self.env["res.partner"].sudo().with_context(active_test=False)
        ids = self.env.execute_query(
            SQL(
                """SELECT id FROM res_partner
                    WHERE is_member AND retail_external_key = ANY(%(keys)s)
                    UNION SELECT id FROM res_partner WHERE member_code = ANY(%(codes)s)
                    UNION SELECT id FROM res_partner
                           WHERE is_member AND phone_sanitized = ANY(%(numbers)s)
                    UNION SELECT id FROM res_partner
                           WHERE is_member AND email_normalized = ANY(%(emails)s)""",
                keys=list(texts["key"]),
                codes=list(texts["code"] | texts["referrer"]),
                numbers=list(numbers),
                emails=list(texts["email"]),
            )
        )
        found = members.browse(row[0] for row in ids)
        found = found.filtered(lambda one: one.company_id.id in (False, run.company_id.id))
        result = {"key": {}, "code": {}, "phone": {}, "email": {}}
        for member in found.sorted("id", reverse=True):
            for kind, name in (
                ("key", "retail_external_key"),
                ("code", "member_code"),
                ("phone", "phone_sanitized"),
                ("email", "email_normalized"),
            ):
                if member[name]:
                    result[kind][member[name]] = member
        return result

    def _by_name(self, model, names):
        return _by_texts(self.env[model].sudo().search([]), names)

    def _found_or_made(self, model, rows, field):
        """Return {name in lower case: id}; names that are new are made."""
        names = {name for cells in rows for name in _names(cells.get(field))}
        if not names:
            return {}
        records = self.env[model].sudo()
        found = {record.name.casefold(): record.id for record in records.search([])}
        missing = {name.casefold(): name for name in names if name.casefold() not in found}
        made = records.create([{"name": name} for name in sorted(missing.values())])
        return found | {record.name.casefold(): record.id for record in made}

    def _find_sources(self, rows):
        """Return {name in lower case: id}; one that a file names is a source of members."""
        found = self._found_or_made("utm.source", rows, "source")
        names = {name.casefold() for cells in rows for name in _names(cells.get("source"))}
        sources = self.env["utm.source"].sudo().browse(found[name] for name in names)
        sources.filtered(lambda one: not one.retail_member_source).retail_member_source = True
        return found

    def _find_member(self, cells, found):
        """Return the member of a row, or an empty one: by key, card, phone, email."""
        for name in ("key", "code"):
            member = cells.get(name) and found[name].get(cells[name])
            if member:
                return member
        member = self.env["res.partner"]
        if cells.get("phone"):
            member = self._same_phone(cells["phone"], found)
        elif cells.get("email"):
            email = email_normalize(cells["email"], strict=False)
            member = found["email"].get(email, member)
        # Another key or card is another member: left to the look for duplicates.
        for name, field in (("key", "retail_external_key"), ("code", "member_code")):
            if member and cells.get(name) and member[field]:
                return member.browse()
        return member

    def _same_phone(self, text, found):
        numbers = _numbers(_digits(text), found["country"].phone_code or "")
        matches = (found["phone"].get(number) for number in numbers)
        return next(filter(None, matches), self.env["res.partner"])

    # === ROWS === #

    def _member_values(self, run, cells, member, found):
        """Return ({field: value} that is new in a row, or why it can't be imported)."""
        if not (cells.get("key") or cells.get("code") or cells.get("phone") or cells.get("email")):
            return {}, self.env._("The row needs a key, a card, a phone or an email.")
        try:
            values = self._wanted_values(cells, member, found)
        except UserError as error:
            return {}, str(error)
        if member:
            values = {
                name: value for name, value in values.items() if not _same(member, name, value)
            }
            values.pop("phone_sanitized", None)
            values.pop("email_normalized", None)
        if not member or not member.is_member:
            values["is_member"] = True
        return values, ""

    def _wanted_values(self, cells, member, found):
        _ = self.env._
        values = {field: cells[name] for name, field in PLAIN.items() if name in cells}
        for name, field in LINKS.items():
            if cells.get(name):
                values[field] = self._linked(name, cells[name], found)
        if cells.get("gender"):
            gender = found["gender"].get(cells["gender"].casefold())
            if not gender:
                raise UserError(
                    _("Gender: “%(value)s” is none of those known.", value=cells["gender"])
                )
            values["gender"] = gender
        if cells.get("note"):
            values["comment"] = f"<p>{html_escape(cells['note'])}</p>"
        if cells.get("tags"):
            values["category_id"] = [
                found["tags"][name.casefold()] for name in _names(cells["tags"])
            ]
        values.update(self._lunar_values(cells, member))
        if values.get("birthdate_date", "") > fields.Date.to_string(
            fields.Date.context_today(self)
        ):
            raise UserError(_("The birthday %(day)s is to come.", day=values["birthdate_date"]))
        values.update(self._contact_values(cells, member, found))
        if not member and not values.keys() & {"phone", "email"}:
            raise UserError(_("A new member needs a phone or an email."))
        return values

    def _lunar_values(self, cells, member):
        """Return the lunar birthday of a row; of one with a year also the solar day, if new."""
        if not cells.get("lunar_birthday"):
            return {}
        key, born = self.env["res.partner"]._retail_read_lunar(cells["lunar_birthday"])
        values = {"retail_lunar_birthday": key}
        if born and not cells.get("birthday") and not member.birthdate_date:
            values["birthdate_date"] = fields.Date.to_string(born)
        return values

    def _linked(self, name, text, found):
        """Return the id of the record that a cell names; raises UserError."""
        _ = self.env._
        if name == "referrer":
            referrer = found["code"].get(text)
            if not referrer:
                raise UserError(_("No member has the code %(code)s.", code=text))
            return referrer.id
        record_id = found[name].get(text.casefold())
        if not record_id:
            messages = {
                "class": _("No class is called %(value)s. Make it, or correct the row."),
                "store": _("No store is called %(value)s. Make it, or correct the row."),
                "guide": _("No user is called %(value)s."),
            }
            raise UserError(messages[name] % {"value": text})
        return record_id

    def _contact_values(self, cells, member, found):
        values = {}
        text = cells.get("phone")
        # Parsing is dear: a number that finds the member is the member's.
        if text and not (member and self._same_phone(text, found) == member):
            shown, sanitized = self._phone(text, found)
            if not member or member.phone_sanitized != sanitized:
                values["phone"], values["phone_sanitized"] = shown, sanitized
        if cells.get("email"):
            email = email_normalize(cells["email"], strict=False)
            if not email:
                raise UserError(
                    self.env._("Email: “%(value)s” is no address.", value=cells["email"])
                )
            if not member or member.email_normalized != email:
                values["email"], values["email_normalized"] = cells["email"], email
        members = self.env["res.partner"].sudo()
        for name, field in SECRETS.items():
            text = cells.get(name)
            if text and not (
                member and member[f"{field}_index"] in members._retail_secret_indexes(field, [text])
            ):
                values.update(members._prepare_secret_values(field, text))
        return values

    def _phone(self, text, found):
        """Return a phone as (shown, E.164); raises UserError when it is none."""
        try:
            # The parser would take letters for the keys of an old phone: 138ABCD8000.
            number = LETTER.search(text) is None and phone_parse(text, found["country"].code)
        except UserError:
            number = False
        if not number:
            raise UserError(self.env._("Phone: “%(value)s” is no phone number.", value=text))
        form = phonenumbers.PhoneNumberFormat
        return (
            phonenumbers.format_number(number, form.INTERNATIONAL),
            phonenumbers.format_number(number, form.E164),
        )

    # === DUPLICATES === #

    def _refuse_duplicates(self, run, new, changed, results):
        """Take rows with the phone or mail of another member out, or note it, by the setting.

        Rows of the file are compared with each other, too. Returns {row: note}.
        """
        members = self.env["res.partner"].sudo().with_context(active_test=False)
        block = run.company_id.retail_duplicate_mode == "block"
        wanted, seen, notes = {}, {}, {}
        for row, values in (*new.items(), *((row, value[1]) for row, value in changed.items())):
            member = changed[row][0] if row in changed else members
            shares = values.get("retail_shared_phone", member.retail_shared_phone)
            phone = not shares and (
                values.get("phone_sanitized") or (values.get("phone") and _e164(values["phone"]))
            )
            mail = values.get("email") and email_normalize(values["email"], strict=False)
            wanted[row] = {
                "id": member.id or -row.id,
                "phone": phone or None,
                "mail": mail or None,
                "company": None,
            }
        contacts = {text for one in wanted.values() for text in (one["phone"], one["mail"]) if text}
        self.env["retail.member.guard"].sudo()._touch(contacts)
        others = defaultdict(lambda: members)
        for row_id, other_id, _kind in members._retail_find_duplicates(list(wanted.values())):
            others[row_id] |= members.browse(other_id)
        for row, one in wanted.items():
            found = others[one["id"]].filtered(
                lambda other: other.company_id.id in (False, run.company_id.id)
            )
            note = ""
            if found:
                note = self.env._(
                    "Phone or email of %(cards)s.",
                    cards=", ".join(other._retail_card() for other in found[:3]),
                )
            for text in filter(None, (one["phone"], one["mail"])):
                first = seen.setdefault(text, row.line_number)
                if first != row.line_number:
                    note = self.env._("Phone or email of the member on line %(line)s.", line=first)
            if note and block:
                results[row] = ("error", note, False)
                new.pop(row, None)
                changed.pop(row, None)
            elif note:
                notes[row] = note
        return notes

    # === WRITING === #

    def _write_changed(self, changed, notes):
        results = {}
        for row, (member, values) in changed.items():
            if "category_id" in values:
                values["category_id"] = [(4, tag_id) for tag_id in values["category_id"]]
            member.write(values)
            results[row] = ("done", notes.get(row, ""), member)
        return results

    def _insert_new(self, run, new, notes):
        """Insert new members by one statement; return the results of their rows."""
        if not new:
            return {}
        columns = self._default_columns(run)
        ids = [
            row[0]
            for row in self.env.execute_query(
                SQL(
                    "SELECT nextval('res_partner_id_seq')::int FROM generate_series(1, %s)",
                    len(new),
                )
            )
        ]
        rows, tags = [], []
        for partner_id, values in zip(ids, new.values(), strict=True):
            tags += [(tag_id, partner_id) for tag_id in values.pop("category_id", ())]
            rows.append(
                {
                    **columns,
                    **values,
                    "id": partner_id,
                    "commercial_partner_id": partner_id,
                    "complete_name": values["name"],
                }
            )
        self.env.cr.execute(
            SQL(
                "INSERT INTO res_partner"
                " SELECT * FROM jsonb_populate_recordset(NULL::res_partner, %s::jsonb)",
                json.dumps(rows),
            )
        )
        self._insert_tags(tags)
        partners = self.env["res.partner"].sudo().browse(ids)
        self._compute_rest(partners, {name for values in new.values() for name in values})
        return {
            row: ("done", notes.get(row, ""), partner)
            for row, partner in zip(new, partners, strict=True)
        }

    def _insert_tags(self, tags):
        if tags:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO res_partner_res_partner_category_rel (category_id, partner_id)"
                    " SELECT * FROM unnest(%s, %s) ON CONFLICT DO NOTHING",
                    [tag_id for tag_id, _partner_id in tags],
                    [partner_id for _tag_id, partner_id in tags],
                )
            )

    def _default_columns(self, run):
        """Return the columns that the ORM gives a new member, by making one and dropping it."""
        members = self.env["res.partner"].sudo().with_context(**QUIET).with_company(run.company_id)
        with self.env.cr.savepoint() as savepoint:
            member = members.create({"name": "-", "is_member": True, "email": "-@example.com"})
            columns = self.env["retail.member.references"]._row(member)
            columns |= {"email": None, "email_normalized": None}
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        now = self.env.cr.now().isoformat()
        own = dict(zip(OWN_COLUMNS, (now, self.env.uid, now, self.env.uid), strict=True))
        return columns | own

    def _compute_rest(self, partners, names):
        """Let the ORM work out further stored fields that depend on those given."""
        depends = self.env.registry.field_depends
        for field in partners._fields.values():
            if not (field.store and field.compute and field.readonly) or field.name in KNOWN:
                continue
            if names & set(depends.get(field, ())):
                self.env.add_to_compute(field, partners)
        self.env.flush_all()


def _digits(text):
    """Return the digits of a phone as typed."""
    return re.sub(r"\D", "", text)


def _numbers(digits, phone_code):
    """Return what E.164 may be of digits as typed: with the country, without, with a trunk 0."""
    bare = digits.lstrip("0")
    return (f"+{digits}", f"+{phone_code}{digits}", f"+{bare}", f"+{phone_code}{bare}")


def _e164(shown):
    """Return E.164 of an international number."""
    return f"+{_digits(shown)}"


def _names(text):
    """Return the names in a cell such as "A, B;C"."""
    return [name for name in map(str.strip, re.split(r"[,;，；、|]", text or "")) if name]


def _by_texts(records, names):
    """Return {text in lower case: id}; where two are called the same the later name decides."""
    return {
        record[name].casefold(): record.id for name in names for record in records if record[name]
    }


def _same(member, name, value):
    """Whether a member has a value already; of tags, all of them."""
    own = member[name]
    if name == "category_id":
        return set(value) <= set(own.ids)
    if isinstance(own, models.BaseModel):
        return own.id == value
    kind = member._fields[name].type
    if kind == "date":
        return bool(own) and fields.Date.to_string(own) == value
    if kind == "html":
        return html2plaintext(own or "").strip() == html2plaintext(value).strip()
    return (own or False) == (value or False)
