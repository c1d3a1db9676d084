from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from . import demand_learning as learning

#: Stock rules are written in one go up to this many.
MAX_APPLY = 5000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


class RetailDemandForecast(models.Model):
    """What a store is expected to sell of a product, and the stock that serves it.

    The nightly job alone writes this table; a click writes the suggestion into the stock rule.
    """

    _name = "retail.demand.forecast"
    _description = "Demand Forecast"
    _order = "abc, weekly desc, id"
    _rec_name = "product_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    store_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    categ_id = fields.Many2one(related="product_id.categ_id", store=False)
    computed_at = fields.Datetime(string="Computed On", readonly=True)
    kind = fields.Selection(
        [
            ("smooth", "Steady"),
            ("erratic", "Unsteady"),
            ("intermittent", "Now and Then"),
            ("lumpy", "Rare and Unsteady"),
            ("none", "No Sales"),
        ],
        string="Demand",
        readonly=True,
        help="By how often weeks bring a sale and how much their quantities differ.",
    )
    method = fields.Selection(
        [
            ("ses", "Exponential smoothing"),
            ("sba", "Croston, corrected (SBA)"),
            ("tsb", "Fading chance (TSB)"),
        ],
        readonly=True,
        help="The method that forecasts this kind of demand best.",
    )
    weekly = fields.Float(
        string="Per Week", readonly=True, digits=(12, 2), help="Expected demand of a usual week."
    )
    season = fields.Float(
        string="Season Factor",
        readonly=True,
        default=1,
        digits=(6, 2),
        aggregator="avg",
        help="By this much the season changes the demand until the next order has sold; 1 is none."
        " It is learned from the months in which the category sold, from two years of sales on.",
    )
    coming_weekly = fields.Float(
        string="Per Week, Coming",
        compute="_compute_coming_weekly",
        digits=(12, 2),
        help="The demand of a usual week, changed by the season of the coming weeks.",
    )
    uplift = fields.Float(
        string="Promotion Factor",
        readonly=True,
        digits=(6, 2),
        aggregator="avg",
        help="By this much promotions of the coming days raise the demand; 1 is none.",
    )
    error = fields.Float(
        string="Error per Week",
        readonly=True,
        digits=(12, 2),
        help="By so much forecasts for the next week were wrong on average.",
    )
    scaled_error = fields.Float(
        readonly=True,
        digits=(6, 2),
        aggregator="avg",
        help="The error over that of expecting the week before again; below 1 is better.",
    )
    error_percent = fields.Float(
        string="Error (%)",
        compute="_compute_error_percent",
        digits=(12, 0),
        help="The error per week as a share of the expected demand.",
    )
    weekday_shares = fields.Json(readonly=True)
    monday = fields.Float(compute="_compute_weekdays", digits=(12, 2))
    tuesday = fields.Float(compute="_compute_weekdays", digits=(12, 2))
    wednesday = fields.Float(compute="_compute_weekdays", digits=(12, 2))
    thursday = fields.Float(compute="_compute_weekdays", digits=(12, 2))
    friday = fields.Float(compute="_compute_weekdays", digits=(12, 2))
    saturday = fields.Float(compute="_compute_weekdays", digits=(12, 2))
    sunday = fields.Float(compute="_compute_weekdays", digits=(12, 2))
    season_factors = fields.Json(readonly=True)
    has_season = fields.Boolean(compute="_compute_months")
    january = fields.Float(compute="_compute_months", digits=(12, 2))
    february = fields.Float(compute="_compute_months", digits=(12, 2))
    march = fields.Float(compute="_compute_months", digits=(12, 2))
    april = fields.Float(compute="_compute_months", digits=(12, 2))
    may = fields.Float(compute="_compute_months", digits=(12, 2))
    june = fields.Float(compute="_compute_months", digits=(12, 2))
    july = fields.Float(compute="_compute_months", digits=(12, 2))
    august = fields.Float(compute="_compute_months", digits=(12, 2))
    september = fields.Float(compute="_compute_months", digits=(12, 2))
    october = fields.Float(compute="_compute_months", digits=(12, 2))
    november = fields.Float(compute="_compute_months", digits=(12, 2))
    december = fields.Float(compute="_compute_months", digits=(12, 2))
    abc = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C")],
        string="ABC",
        readonly=True,
        help="A: the products that bring 80 % of the store's sales, B: the next 15 %, C: the rest.",
    )
    sold_qty = fields.Float(
        string="Sold", readonly=True, digits="Product Unit", help="In the weeks learned from."
    )
    sold_amount = fields.Monetary(
        string="Sold for", readonly=True, currency_field="company_currency_id"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    last_sold_day = fields.Date(string="Last Sold", readonly=True)
    on_hand = fields.Float(
        readonly=True, digits="Product Unit", help="In the store when the forecast was made."
    )
    cover_days = fields.Float(
        string="Lasts (Days)",
        compute="_compute_cover_days",
        digits=(12, 0),
        help="How long the stock lasts at the expected demand; 0 when nothing is expected.",
    )
    is_slow = fields.Boolean(
        string="Slow Mover", readonly=True, help="In stock, and not sold for a long time."
    )
    lead_days = fields.Integer(
        string="Lead Time (Days)", readonly=True, aggregator="avg", help="Of the first vendor."
    )
    suggested_min = fields.Float(
        string="Suggested Minimum",
        readonly=True,
        digits="Product Unit",
        help="Demand of the lead time, promotions counted in, and of the safety days.",
    )
    suggested_max = fields.Float(
        string="Suggested Maximum",
        readonly=True,
        digits="Product Unit",
        help="The minimum and the demand until the next order.",
    )
    orderpoint_id = fields.Many2one(
        "stock.warehouse.orderpoint", string="Stock Rule", compute="_compute_current"
    )
    current_min = fields.Float(
        string="Minimum Now", compute="_compute_current", digits="Product Unit"
    )
    current_max = fields.Float(
        string="Maximum Now", compute="_compute_current", digits="Product Unit"
    )

    _pair_uniq = models.Constraint(
        "UNIQUE(store_id, product_id)", "A product has one forecast per store."
    )

    @api.depends("weekly", "season")
    def _compute_coming_weekly(self):
        for row in self:
            row.coming_weekly = row.weekly * row.season

    def _compute_cover_days(self):
        for row in self:
            daily = row.coming_weekly / learning.WEEK
            row.cover_days = max(row.on_hand, 0) / daily if daily else 0

    def _compute_error_percent(self):
        for row in self:
            row.error_percent = 100 * row.error / row.weekly if row.weekly else 0

    def _compute_weekdays(self):
        """Spread the demand of a usual week over its days."""
        for row in self:
            shares = row.weekday_shares or [1 / len(WEEKDAYS)] * len(WEEKDAYS)
            for name, share in zip(WEEKDAYS, shares, strict=True):
                row[name] = row.weekly * share

    def _compute_months(self):
        """Tell what a week of each month is expected to bring, where a season is known."""
        for row in self:
            row.has_season = bool(row.season_factors)
            factors = row.season_factors or [1] * len(MONTHS)
            for name, factor in zip(MONTHS, factors, strict=True):
                row[name] = row.weekly * factor

    def _compute_current(self):
        rules = self._orderpoints()
        for row in self:
            key = (row.store_id.lot_stock_id.id, row.product_id.id)
            rule = rules.get(key, rules["none"])
            row.orderpoint_id = rule
            row.current_min, row.current_max = rule.product_min_qty, rule.product_max_qty

    def _orderpoints(self):
        """Return {(location id, product id): stock rule} of the rows, and "none": no record."""
        # A guide sees the minimum of the own store without a right on stock rules.
        rules = self.env["stock.warehouse.orderpoint"].sudo()
        found = rules.search(
            [
                ("location_id", "in", self.store_id.lot_stock_id.ids),
                ("product_id", "in", self.product_id.ids),
            ]
        )
        return {
            "none": rules,
            **{(rule.location_id.id, rule.product_id.id): rule for rule in found},
        }

    # === ACTIONS === #

    def action_apply(self):
        """Write the suggested minimum and maximum into the stores' rules; make missing ones.

        Only here are they written; nothing is ordered by it. Twice the same changes nothing.
        """
        self._check_right_to_apply()
        if len(self) > MAX_APPLY:
            raise UserError(
                self.env._(
                    "Apply at most %(count)s suggestions at a time: filter by store or category.",
                    count=MAX_APPLY,
                )
            )
        rules, missing, changed = self._orderpoints(), [], 0
        for row in self.filtered(lambda row: row.kind != "none"):
            values = {
                "product_min_qty": row.suggested_min,
                "product_max_qty": row.suggested_max,
            }
            location = row.store_id.lot_stock_id
            rule = rules.get((location.id, row.product_id.id))
            if not rule:
                missing.append(
                    {
                        **values,
                        "product_id": row.product_id.id,
                        "warehouse_id": row.store_id.id,
                        "location_id": location.id,
                        "company_id": row.company_id.id,
                        "trigger": "manual",
                    }
                )
            elif any(rule[name] != value for name, value in values.items()):
                # The maximum first could fall below the old minimum: both at once.
                rule.write(values)
                changed += 1
        rules["none"].create(missing)
        return self._notify(len(missing), changed)

    def _notify(self, made, changed):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Stock rules made: %(made)s, changed: %(changed)s.", made=made, changed=changed
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_right_to_apply(self):
        self.check_access("read")
        user = self.env.user
        if user.has_group("retail_crm.group_retail_admin"):
            return
        own = user.retail_store_ids
        if not user.has_group("retail_crm.group_store_manager") or self.store_id - own:
            raise AccessError(
                self.env._("Only the manager of the store may change its minimum and maximum.")
            )

    # === JOBS === #

    @api.model
    def action_forecast(self):
        """Queue the forecast of the user's company."""
        if not self.env.user.has_group("retail_crm.group_store_manager"):
            raise AccessError(self.env._("Ask a store manager to start the forecast."))
        # The job writes what the manager may only read.
        self.sudo()._enqueue(self.env.company)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The forecast is being made; look again in a minute."),
            },
        }

    @api.model
    def _cron_forecast(self):
        """Queue the nightly forecast of every company that has sold anything."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company.id FROM res_company company
                 WHERE company.active AND EXISTS (
                       SELECT 1 FROM retail_sale_fact fact WHERE fact.company_id = company.id)
                 ORDER BY company.id
                """
            )
        )
        for (company_id,) in rows:
            self._enqueue(self.env["res.company"].browse(company_id))

    @api.model
    def _enqueue(self, company):
        """Queue one forecast per company; while one waits, no second one is queued."""
        self.with_delay(
            identity_key=f"retail_guide.forecast,{company.id}",
            description=self.env._("Forecast the demand of %(company)s", company=company.name),
        )._forecast(company)

    @api.model
    def _forecast(self, company):
        """Make the forecast of the company anew, whole or not at all; return the rows' number."""
        today = fields.Date.context_today(self)
        ((latest,),) = self.env.execute_query(
            SQL(
                "SELECT MAX(day) FROM retail_sale_fact WHERE company_id = %s AND day < %s",
                company.id,
                today,
            )
        )
        rows = []
        if latest:
            rows = learning.learn(self.env, company, latest, self._uplift_of(company))
        learning.publish(self.env, company, rows, fields.Datetime.now())
        self.env["retail.online.choice"]._refresh(company)
        return len(rows)

    @api.model
    def _uplift_of(self, company):
        def uplift(store_id, product_ids, days):
            store = self.env["stock.warehouse"].browse(store_id)
            products = self.env["product.product"]
            return products._demand_uplift(company, store, days, product_ids)

        return uplift
