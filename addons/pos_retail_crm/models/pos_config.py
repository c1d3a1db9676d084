from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

ACTIVE_MONTHS = 12  # members who bought or joined since then are kept at the tills
DEFAULT_MEMBERS = 1_000


class PosConfig(models.Model):
    _inherit = "pos.config"

    sale_channel_id = fields.Many2one(
        "sale.channel",
        string="Sales Channel",
        default=lambda self: self._default_sale_channel_id(),
        domain="[('company_id', 'in', (company_id, False))]",
        ondelete="restrict",
        help="What this till sells is counted for this channel.",
    )
    retail_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        related="picking_type_id.warehouse_id",
        help="The store of a till is the warehouse that its goods leave from.",
    )
    retail_member_limit = fields.Integer(
        string="Members Kept at the Till",
        default=DEFAULT_MEMBERS,
        help="So many members of the store who bought or joined within 12 months are found even "
        "without a connection, those who bought last first. All others are found by a search "
        "on the server.",
    )
    retail_receipt_words = fields.Boolean(
        string="Amount in Words",
        default=True,
        help="The receipt says the total in words: in Chinese capitals where the till is "
        "Chinese, in English elsewhere.",
    )

    retail_receipt_qr = fields.Boolean(
        string="Code for the Customer's Opinion",
        default=True,
        help="The receipt carries a code; on the page behind it the customer gives stars or "
        "complains about goods of the receipt.",
    )

    _retail_member_limit_positive = models.Constraint(
        "CHECK(retail_member_limit >= 0)",
        "A till can't keep less than no members. Enter 0 or more.",
    )

    @api.model
    def _default_sale_channel_id(self):
        return self.env.ref("retail_crm.channel_store", raise_if_not_found=False)

    # === MEMBERS KEPT AT THE TILL === #

    def get_limited_partners_loading(self, offset=0):
        """Return the ids of customers to load who aren't members, frequent ones first.

        Stock counts the orders of everybody; members come by ``_retail_cached_member_ids``.
        """
        self.env["res.partner"].flush_model(["is_member", "company_id", "name", "active"])
        return self.env.execute_query(
            SQL(
                """SELECT partner.id
                     FROM res_partner partner
                LEFT JOIN (
                     SELECT sale.partner_id, COUNT(*) AS order_count
                       FROM pos_order sale
                       JOIN res_partner buyer
                         ON buyer.id = sale.partner_id AND buyer.is_member IS NOT TRUE
                      GROUP BY sale.partner_id
                     ) bought ON bought.partner_id = partner.id
                    WHERE partner.is_member IS NOT TRUE
                      AND (partner.company_id = %(company)s OR partner.company_id IS NULL)
                 ORDER BY COALESCE(bought.order_count, 0) DESC, partner.name
                    LIMIT %(limit)s OFFSET %(offset)s""",
                company=self.company_id.id,
                limit=self._get_limited_partner_count(),
                offset=offset,
            )
        )

    def _retail_cached_member_ids(self, since=None):
        """Return the ids of the members whom the till keeps, who bought last first.

        since: moment in UTC; only those who changed or bought after it. One query.
        """
        self.ensure_one()
        partners = self.env["res.partner"]
        partners.flush_model(
            ["is_member", "active", "company_id", "retail_store_id", "commercial_partner_id"]
        )
        self.env["retail.member.figure"].flush_model()
        first_day = fields.Date.subtract(fields.Date.context_today(self), months=ACTIVE_MONTHS)
        changed = SQL("TRUE")
        if since:
            changed = SQL("(member.write_date > %s OR figure.write_date > %s)", since, since)
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM (
                       SELECT member.id, figure.last_day, %(changed)s AS changed
                         FROM res_partner member
                    LEFT JOIN retail_member_figure figure
                           ON figure.partner_id = member.commercial_partner_id
                          AND figure.company_id = %(company)s
                        WHERE member.is_member AND member.active
                          AND (member.company_id = %(company)s OR member.company_id IS NULL)
                          AND (member.retail_store_id = %(store)s
                               OR member.retail_store_id IS NULL)
                          AND (figure.last_day >= %(day)s OR member.create_date >= %(day)s)
                     ORDER BY figure.last_day DESC NULLS LAST, member.id DESC
                        LIMIT %(limit)s
                   ) kept
                    WHERE changed
                 ORDER BY last_day DESC NULLS LAST, id DESC""",
                changed=changed,
                company=self.company_id.id,
                store=self.retail_store_id.id or None,
                day=first_day,
                limit=self.retail_member_limit,
            )
        )
        return [member_id for (member_id,) in rows]

    # === GUIDES === #

    @api.model
    def _load_pos_data_read(self, records, config):
        rows = super()._load_pos_data_read(records, config)
        if rows:
            rows[0]["_retail_guides"] = config._retail_till_guides()
        return rows

    def _retail_till_guides(self):
        """Return who sells in the till's store as [{id, name}]; everybody who guides without
        staff of the store."""
        # Cashiers don't read the users of the staff; their names stand on the receipt.
        till = self.sudo()
        group_id = self.env["ir.model.data"]._xmlid_to_res_id("retail_crm.group_guide")
        found = till.retail_store_id.retail_staff_ids or till.env["res.users"].search_fetch(
            Domain("all_group_ids", "in", [group_id])
            & Domain("company_ids", "in", self.company_id.ids)
            & Domain("share", "=", False),
            ["active", "partner_id"],
        )
        found = found.filtered("active").sorted("name")
        return [{"id": user.id, "name": user.name} for user in found]
