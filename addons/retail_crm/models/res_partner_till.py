from odoo import fields, models
from odoo.tools import html2plaintext

from .helpdesk_ticket_stage import OPEN_CODES
from .retail_care_task import OPEN_STATES

PURCHASES = 5  # the last ones that a card shows
PURCHASE_LINES = 60  # sold lines read for them
CARE_DAYS = 7  # a care task that is due so soon is shown
# Who has to do with the members of all stores, as in the rules on what shows a member.
BEYOND_STORE = (
    "retail_crm.group_service,retail_crm.group_promotion,"
    "retail_crm.group_order_clerk,retail_crm.group_accountant"
)


class ResPartner(models.Model):
    """What a cashier or guide should know of a member at a glance."""

    _inherit = "res.partner"

    def _retail_till_card(self):
        """Return the card of this member, for the current company and reader.

        What ``_retail_till_brief`` tells, and {id, name, member_code, class, need, preference,
        purchases: [{basket, document, day, store, total, lines: [{product, qty, total}]}]}.
        Contact data and the free texts are masked as in any list.
        """
        self.ensure_one()
        row = self.read(["name", "member_code", "retail_preference", "retail_special_need"])[0]
        return {
            "id": self.id,
            "name": row["name"],
            "member_code": row["member_code"] or "",
            "class": self.sudo().retail_class_id.name or "",  # the name of a class is no secret
            "need": row["retail_special_need"] or "",
            "preference": row["retail_preference"] or "",
            "purchases": self._retail_till_purchases(),
            **self._retail_till_brief()[self.id],
        }

    def _retail_till_brief(self):
        """Return {member id: what is told of each}, in a constant number of queries.

        {tags: [{id, name, color}], store, guide, last_day, birthday: {day, days, words} or
        False, complaints: [{id, number, kind, since, deadline}], care: [{id, name, form, due,
        overdue, reason, script}], as_of}; days as ISO texts, moments in UTC. Addons above add
        their keys: retail_promo points and coupons. Asks for the right to read the members; of
        a member of another store who was not looked up by card or phone the lists are empty.
        """
        self.check_access("read")
        near = self._retail_till_near()
        complaints, care = near._retail_till_complaints(), near._retail_till_care()
        last_days = self._retail_till_last_days()
        now = fields.Datetime.to_string(fields.Datetime.now())
        # Names of the tags, the guide and of another store are no secret.
        return {
            member.id: {
                **member._retail_till_person(),
                "last_day": last_days.get(member.commercial_partner_id.id, False),
                "complaints": complaints.get(member.id, []),
                "care": care.get(member.id, []),
                "as_of": now,
            }
            for member in self.sudo()
        }

    def _retail_till_near(self):
        """Return those of these members with whom the reader has to do."""
        if self.env.user.has_groups(BEYOND_STORE):
            return self
        # The field of the rules is read past the rights, as the rules do.
        return self.sudo().filtered("retail_in_reach").with_env(self.env)

    def _retail_till_person(self):
        return {
            "tags": [
                {"id": tag.id, "name": tag.name, "color": tag.color} for tag in self.category_id
            ],
            "store": self.retail_store_id.name or "",
            "guide": self.retail_guide_id.name or "",
            "birthday": self._retail_till_birthday(),
        }

    def _retail_till_last_days(self):
        """Return {commercial partner id: ISO day of the last purchase in the company}."""
        # The card of a member who was looked up tells the day, wherever they bought.
        figures = self.env["retail.member.figure"].sudo()
        found = figures.search_fetch(
            [
                ("partner_id", "in", self.sudo().commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("last_day", "!=", False),
            ],
            ["partner_id", "last_day"],
        )
        return {row.partner_id.id: row.last_day.isoformat() for row in found}

    def _retail_till_birthday(self):
        """Return the coming birthday: its day, in how many days, a lunar one in words."""
        day = self.retail_next_birthday
        if not day:
            return False
        return {
            "day": day.isoformat(),
            "days": (day - fields.Date.context_today(self)).days,
            "words": self.retail_lunar_words or "",
        }

    def _retail_till_purchases(self):
        """Return the last purchases, the newest first; what came back lowers their totals."""
        rows = self.env["retail.sale.fact"].search(
            [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.env.company.id),
            ],
            order="sold_at desc, id desc",
            limit=PURCHASE_LINES,
        )
        baskets = {}
        for row in rows:
            if row.basket in baskets or len(baskets) < PURCHASES:
                baskets.setdefault(row.basket, row.browse())
                baskets[row.basket] += row
        return [self._retail_till_purchase(basket, rows) for basket, rows in baskets.items()]

    def _retail_till_purchase(self, basket, rows):
        sold = rows.filtered(lambda row: row.event == "sold")[:1] or rows[:1]
        return {
            "basket": basket,
            "document": sold.document or "",
            "day": sold.day.isoformat(),
            "store": sold.sudo().store_id.name or "",  # another store's name is no secret
            "total": sum(rows.mapped("total_company")),
            "lines": [
                {
                    "product": product.display_name,
                    "qty": sum(some.mapped("qty")),
                    "total": sum(some.mapped("total_company")),
                }
                # What two guides sold together is two rows.
                for (product, _event), some in rows.grouped(
                    lambda row: (row.product_id, row.event)
                ).items()
            ],
        }

    def _retail_till_complaints(self):
        """Return {member id: open complaints, without what they say}."""
        # Who serves a member should know of them, whoever works on them.
        tickets = self.env["helpdesk.ticket"].sudo()
        found = tickets.search(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("retail_kind", "in", ("complaint", "after_sales")),
                ("retail_confidential", "=", False),
                ("retail_stage_code", "in", OPEN_CODES),
            ],
            order="create_date, id",
        )
        kinds = dict(tickets._fields["retail_kind"]._description_selection(self.env))
        rows = {}
        for ticket in found:
            rows.setdefault(ticket.partner_id.id, []).append(
                {
                    "id": ticket.id,
                    "number": ticket.number,
                    "kind": kinds[ticket.retail_kind],
                    "since": ticket.create_date.date().isoformat(),
                    "deadline": fields.Datetime.to_string(ticket.deadline) or "",
                }
            )
        return rows

    def _retail_till_care(self):
        """Return {member id: care tasks that are due within days, the oldest first}."""
        today = fields.Date.context_today(self)
        # Whoever serves a member may do what a guide was to do.
        tasks = self.env["retail.care.task"].sudo()
        found = tasks.search(
            [
                ("partner_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "in", OPEN_STATES),
                ("due_date", "<=", fields.Date.add(today, days=CARE_DAYS)),
            ],
            order="due_date, id",
        )
        forms = dict(tasks._fields["form"]._description_selection(self.env))
        rows = {}
        for task in found.filtered(lambda task: not task.is_automatic):
            rows.setdefault(task.partner_id.id, []).append(
                {
                    "id": task.id,
                    "name": task.strategy_id.name or "",
                    "form": forms[task.form],
                    "due": task.due_date.isoformat(),
                    "overdue": task.is_overdue,
                    "reason": task.reason or "",
                    "script": html2plaintext(task.script or ""),
                }
            )
        return rows
