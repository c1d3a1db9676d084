from odoo import models
from odoo.tools import plaintext2html

TITLE_LENGTH = 60  # characters of the text that become the title of the request


class RetailImportTargetPost(models.AbstractModel):
    """Posts and chats of channels without a feed: one request each, known again by its address."""

    _name = "retail.import.target.post"
    _inherit = "retail.import.target"
    _description = "Import of Posts and Chats"

    _import_batch_size = 100
    _import_group = "retail_crm.group_service"

    def _import_fields(self):
        _ = self.env._
        texts = {
            "url": (_("Address of the Post"), ["URL", "Link", "链接", "連結", "帖子链接"]),
            "text": (_("Text"), ["Content", "Comment", "Transcript", "内容", "內容", "评论"]),
            "account": (_("Account"), ["Author", "User", "作者", "账号", "帳號", "昵称"]),
            "network": (_("Network"), ["Platform", "平台", "渠道平台"]),
            "channel": (_("Channel"), ["渠道", "通路"]),
            "email": (_("Email"), ["E-mail", "邮箱", "電子郵件"]),
            "store": (_("Store"), ["Store Code", "门店", "門店", "門市"]),
        }
        specs = {
            name: {"label": label, "type": "char", "aliases": aliases}
            for name, (label, aliases) in texts.items()
        }
        for name in ("url", "text"):
            specs[name]["required"] = True
        specs["date"] = {
            "label": _("Posted On"),
            "type": "datetime",
            "aliases": ["Date", "Time", "时间", "時間", "发布时间"],
        }
        return specs

    def _import_key(self, values):
        return values["url"].strip()

    def _import_batch(self, run, rows):
        cells_by_row = {row: row.values for row in rows}
        known = self._known_requests(run, cells_by_row.values())
        found = self._found(run)
        results = {}
        for row, cells in cells_by_row.items():
            url = self._import_key(cells)
            if url in known:
                results[row] = ("unchanged", "", known[url])
            elif cells.get("store") and cells["store"].casefold() not in found["store"]:
                message = self.env._("There is no store %(store)s.", store=cells["store"])
                results[row] = ("error", message, False)
            else:
                # Agents may open requests of all stores; the owner follows the team's rule.
                values = self._ticket_values(run, cells, found)
                ticket = self.env["helpdesk.ticket"].create(values)
                results[row] = ("done", "", ticket)
        return results

    def _known_requests(self, run, rows):
        urls = [self._import_key(cells) for cells in rows]
        # A confidential request is known, too, even to who can't read it.
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        tickets = tickets.search(
            [("retail_post_url", "in", urls), ("company_id", "=", run.company_id.id)]
        )
        return {ticket.retail_post_url: ticket for ticket in tickets}

    def _found(self, run):
        """Return what the words of all rows may name: stores, networks, channels."""
        stores = self.env["stock.warehouse"].search(
            [("company_id", "=", run.company_id.id), ("is_store", "=", True)]
        )
        accounts = self.env["retail.social.account"]
        networks = dict(accounts._fields["network"]._description_selection(self.env))
        channels = self.env["helpdesk.ticket.channel"].search(
            [("company_id", "in", [False, run.company_id.id])]
        )
        return {
            "store": {
                text.casefold(): store.id for store in stores for text in (store.name, store.code)
            },
            "network": {
                text.casefold(): code for code, label in networks.items() for text in (code, label)
            },
            "channel": {channel.name.casefold(): channel.id for channel in channels},
        }

    def _ticket_values(self, run, cells, found):
        text = cells["text"].strip()
        member = self._member(run, cells, found)
        channel = found["channel"].get((cells.get("channel") or "").casefold())
        category = self.env["helpdesk.ticket.category"]._retail_suggest("", text, run.company_id)
        values = {
            "name": text.splitlines()[0][:TITLE_LENGTH],
            "description": plaintext2html(text),
            "retail_kind": self._kind(category),
            "category_id": category.id,
            "category_suggested": bool(category),
            "partner_id": member.id,
            "partner_name": member.name or cells.get("account"),
            "partner_email": member.email or cells.get("email"),
            "retail_post_url": self._import_key(cells),
            "channel_id": channel or self.env.ref("retail_crm.channel_complaint_social").id,
            "retail_store_id": found["store"].get((cells.get("store") or "").casefold())
            or member.retail_store_id.id,
            "company_id": run.company_id.id,
        }
        if cells.get("date"):
            values["retail_posted_at"] = cells["date"]
        return values

    def _kind(self, category):
        """Return the kind that the words speak of; who only asks has no category of a complaint."""
        kinds = {
            self.env.ref("retail_crm.category_other_suggestion", False): "suggestion",
            self.env.ref("retail_crm.category_other_consult", False): "consult",
        }
        return kinds.get(category, "complaint" if category else "consult")

    def _member(self, run, cells, found):
        """Return the member who has this account or mail; nobody when several have it."""
        members = self.env["res.partner"].browse()
        network = found["network"].get((cells.get("network") or "").casefold())
        if cells.get("account"):
            domain = [("account", "=", cells["account"].strip())]
            if network:
                domain.append(("network", "=", network))
            # Contact data finds the member; nobody gets to see it by that.
            members = self.env["retail.social.account"].sudo().search(domain).partner_id
        if len(members) != 1 and cells.get("email"):
            members = members.sudo().search(
                [("is_member", "=", True), ("email_normalized", "=", cells["email"].lower())]
            )
        members = members.filtered(lambda one: one.company_id.id in (False, run.company_id.id))
        return members.sudo(False) if len(members) == 1 else members.browse()
