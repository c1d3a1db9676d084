from odoo import api, fields, models
from odoo.tools import SQL

from .retail_member_figure_mixin import RETAIL_USER

SHOWN = 40  # rows of a list on the member's form; the button beside it opens them all
AGE_BANDS = (  # first age that doesn't belong to the band any more
    (18, "under_18"),
    (25, "18_24"),
    (35, "25_34"),
    (45, "35_44"),
    (55, "45_54"),
    (65, "55_64"),
)
# Time of day: from and to what hour, in their order.
HOURS_OF_BAND = {
    "night": (0, 6),
    "morning": (6, 11),
    "noon": (11, 14),
    "afternoon": (14, 18),
    "evening": (18, 24),
}


class RetailMemberProfileMixin(models.AbstractModel):
    """What the member's form tells besides what was entered: habits, latest rows, points."""

    _name = "retail.member.profile.mixin"
    _description = "Profile of a Member"

    retail_age_band = fields.Selection(
        [
            ("under_18", "Under 18"),
            ("18_24", "18 to 24"),
            ("25_34", "25 to 34"),
            ("35_44", "35 to 44"),
            ("45_54", "45 to 54"),
            ("55_64", "55 to 64"),
            ("65", "65 and Over"),
        ],
        string="Age Band",
        compute="_compute_retail_age_band",
    )
    retail_favourite_categ_id = fields.Many2one(
        "product.category",
        string="Favourite Category",
        compute="_compute_retail_profile",
        groups=RETAIL_USER,
        help="The category that the member buys most often.",
    )
    retail_favourite_channel_id = fields.Many2one(
        "sale.channel",
        string="Usual Channel",
        compute="_compute_retail_profile",
        groups=RETAIL_USER,
    )
    retail_favourite_store_id = fields.Many2one(
        "stock.warehouse",
        string="Usual Store",
        compute="_compute_retail_profile",
        groups=RETAIL_USER,
    )
    retail_favourite_time = fields.Selection(
        [
            ("morning", "Morning (6 to 11)"),
            ("noon", "Noon (11 to 14)"),
            ("afternoon", "Afternoon (14 to 18)"),
            ("evening", "Evening (18 to 24)"),
            ("night", "Night (0 to 6)"),
        ],
        string="Usual Time",
        compute="_compute_retail_profile",
        groups=RETAIL_USER,
        help="By the clock of the store.",
    )
    retail_recent_fact_ids = fields.Many2many(
        "retail.sale.fact",
        string="Latest Purchases",
        compute="_compute_retail_recent_fact_ids",
        groups=RETAIL_USER,
    )
    retail_recent_task_ids = fields.Many2many(
        "retail.care.task",
        string="Latest Care Tasks",
        compute="_compute_retail_recent_service",
        groups="retail_crm.group_guide,retail_crm.group_service",
    )
    retail_recent_ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        string="Latest Complaints",
        compute="_compute_retail_recent_service",
        groups="retail_crm.group_guide,retail_crm.group_service",
    )
    retail_open_ticket_count = fields.Integer(
        string="Open Complaints",
        compute="_compute_retail_recent_service",
        groups="retail_crm.group_guide,retail_crm.group_service",
    )
    retail_points = fields.Float(
        string="Points",
        compute="_compute_retail_points",
        compute_sudo=True,
        groups=RETAIL_USER,
        help="On the member's point cards of this company that are still valid.",
    )
    retail_point_card_ids = fields.Many2many(
        "loyalty.card",
        string="Point Cards",
        compute="_compute_retail_point_card_ids",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("birthdate_date")
    def _compute_retail_age_band(self):
        for partner in self:
            age = partner.age if partner.birthdate_date else None
            partner.retail_age_band = age is not None and next(
                (band for limit, band in AGE_BANDS if age < limit), "65"
            )

    # === HABITS === #

    def _compute_retail_profile(self):
        """Read the habits of all partners by one query of the sold lines."""
        buyers = self.commercial_partner_id._origin
        rows = self.env.execute_query_dict(self._retail_profile_sql(buyers)) if buyers else []
        by_partner = {row.pop("partner_id"): row for row in rows}
        for partner in self:
            row = by_partner.get(partner.commercial_partner_id.id, {})
            partner.update(self._retail_profile_values(row))

    def _retail_profile_columns(self):
        """Return {name: aggregate} over ``fact`` and ``template``; other addons add theirs."""
        return {
            "categ": SQL("mode() WITHIN GROUP (ORDER BY template.categ_id)"),
            "channel": SQL("mode() WITHIN GROUP (ORDER BY fact.channel_id)"),
            "store": SQL("mode() WITHIN GROUP (ORDER BY fact.store_id)"),
            "hour": SQL(
                "mode() WITHIN GROUP (ORDER BY extract(hour FROM fact.sold_at AT TIME ZONE 'UTC'"
                " AT TIME ZONE COALESCE(store.retail_tz, %s)))::int",
                self.env["stock.warehouse"]._get_retail_tz(self.env.company),
            ),
        }

    def _retail_profile_values(self, row):
        """Return the values of the fields for one row of the columns, {} for no purchase."""
        hour = row.get("hour")
        return {
            "retail_favourite_categ_id": row.get("categ"),
            "retail_favourite_channel_id": row.get("channel"),
            "retail_favourite_store_id": row.get("store"),
            "retail_favourite_time": hour is not None
            and next(band for band, (_start, end) in HOURS_OF_BAND.items() if hour < end),
        }

    def _retail_profile_sql(self, buyers):
        columns = [
            SQL("%s AS %s", aggregate, SQL.identifier(name))
            for name, aggregate in self._retail_profile_columns().items()
        ]
        return SQL(
            """SELECT fact.partner_id, %s
                 FROM retail_sale_fact fact
                 JOIN product_product product ON product.id = fact.product_id
                 JOIN product_template template ON template.id = product.product_tmpl_id
                 LEFT JOIN stock_warehouse store ON store.id = fact.store_id
                WHERE fact.partner_id = ANY(%s) AND fact.company_id = ANY(%s)
                  AND fact.event = 'sold'
                GROUP BY fact.partner_id""",
            SQL(", ").join(columns),
            buyers.ids,
            self.env.companies.ids,
        )

    # === LATEST ROWS === #

    def _compute_retail_recent_fact_ids(self):
        facts = self.env["retail.sale.fact"]
        for partner in self:  # a form has one
            buyer = partner.commercial_partner_id._origin
            partner.retail_recent_fact_ids = facts.search(
                [("partner_id", "in", buyer.ids)], limit=SHOWN
            )

    def _compute_retail_recent_service(self):
        tasks, tickets = self.env["retail.care.task"], self.env["helpdesk.ticket"]
        open_tickets = dict(
            tickets._read_group(
                [("partner_id", "in", self.ids), ("closed", "=", False)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:  # a form has one
            own = [("partner_id", "in", partner._origin.ids)]
            partner.retail_recent_task_ids = tasks.search(own, order="id desc", limit=SHOWN)
            partner.retail_recent_ticket_ids = tickets.search(own, order="id desc", limit=SHOWN)
            partner.retail_open_ticket_count = open_tickets.get(partner, 0)

    # === POINTS === #

    def _retail_point_card_domain(self):
        today = fields.Date.context_today(self)
        return [
            ("partner_id", "in", self.ids),
            ("program_id.program_type", "=", "loyalty"),
            ("company_id", "in", [False, *self.env.companies.ids]),
            "|",
            ("expiration_date", "=", False),
            ("expiration_date", ">=", today),
        ]

    def _compute_retail_points(self):
        points = dict(
            self.env["loyalty.card"]._read_group(
                self._retail_point_card_domain(), ["partner_id"], ["points:sum"]
            )
        )
        for partner in self:
            partner.retail_points = points.get(partner, 0.0)

    def _compute_retail_point_card_ids(self):
        cards = self.env["loyalty.card"].search(self._retail_point_card_domain())
        by_partner = cards.grouped("partner_id")
        for partner in self:
            partner.retail_point_card_ids = by_partner.get(partner, cards.browse())
