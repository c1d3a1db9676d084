from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

#: Longest time for which an alarm can be put aside, in hours.
MAX_SNOOZE_HOURS = 24 * 31
#: Alarms of one run of the job; the others wait for the next one.
TOLD_AT_ONCE = 500


class RetailStockAlarm(models.Model):
    """Too little or too much of a product in a store, from when it began until it ended."""

    _name = "retail.stock.alarm"
    _description = "Stock Alarm"
    _order = "opened_at desc, id desc"
    _rec_name = "product_id"

    rule_id = fields.Many2one(
        "retail.stock.alarm.rule", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    store_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True
    )
    location_id = fields.Many2one(related="rule_id.location_id", string="Place")
    kind = fields.Selection(
        [("low", "Too Little"), ("high", "Too Much")], required=True, readonly=True
    )
    quantity = fields.Float(
        string="On Hand", digits="Product Unit", readonly=True, help="As of the last change."
    )
    bound = fields.Float(string="Limit", digits="Product Unit", readonly=True)
    state = fields.Selection(
        [
            ("open", "Open"),
            ("notified", "Told"),
            ("snoozed", "Put Aside"),
            ("acknowledged", "Acknowledged"),
            ("resolved", "Resolved"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
        help="An alarm ends by itself when the stock is right again.",
    )
    opened_at = fields.Datetime(string="Alarm Since", required=True, readonly=True)
    told_at = fields.Datetime(string="Last Told", readonly=True)
    snoozed_until = fields.Datetime(string="Put Aside Until", readonly=True)
    acknowledged_by_id = fields.Many2one("res.users", readonly=True)
    acknowledged_at = fields.Datetime(string="Acknowledged On", readonly=True)
    resolved_at = fields.Datetime(string="Resolved On", readonly=True)
    notice_ids = fields.One2many("retail.stock.alarm.notice", "alarm_id", readonly=True)
    failure = fields.Char(
        string="Not Told", compute="_compute_failure", help="Why colleagues could not be told."
    )
    can_handle = fields.Boolean(compute="_compute_can_handle")

    _open_uniq = models.UniqueIndex(
        "(rule_id, product_id, store_id, kind) WHERE state != 'resolved'",
        "This alarm is open already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("notice_ids.state", "notice_ids.failure")
    def _compute_failure(self):
        for alarm in self:
            failed = alarm.notice_ids.filtered(lambda notice: notice.state == "failed")
            alarm.failure = " ".join(dict.fromkeys(filter(None, failed.mapped("failure"))))

    @api.depends_context("uid")
    @api.depends("rule_id.recipient_ids.user_id", "store_id", "state")
    def _compute_can_handle(self):
        user = self.env.user
        leads = user.has_groups("retail_crm.group_store_manager,retail_crm.group_order_clerk")
        for alarm in self:
            alarm.can_handle = leads or user in alarm.rule_id.recipient_ids.user_id

    # === CHECK === #

    @api.model
    def _check(self, product_ids=None, rule_ids=None):
        """Open, update and resolve alarms by one statement; a job tells of new ones.

        :param list product_ids: look at these products only
        :param list rule_ids: look at these rules only
        """
        self._flush_check()
        self.env.cr.execute(
            SQL(
                """
                WITH measured AS (%(measured)s), cause AS (
                    SELECT *, 'low' AS kind, min_qty AS bound FROM measured
                     WHERE min_qty > 0 AND quantity < min_qty
                    UNION ALL
                    SELECT *, 'high', max_qty FROM measured
                     WHERE max_qty > 0 AND quantity >= max_qty
                ), resolved AS (
                    UPDATE retail_stock_alarm alarm
                       SET state = 'resolved', resolved_at = %(now)s, write_date = %(now)s,
                           quantity = measured.quantity
                      FROM measured
                     WHERE alarm.rule_id = measured.rule_id
                       AND alarm.product_id = measured.product_id
                       AND alarm.store_id = measured.store_id
                       AND alarm.state != 'resolved'
                       AND NOT EXISTS (
                           SELECT 1 FROM cause
                            WHERE cause.rule_id = alarm.rule_id AND cause.kind = alarm.kind
                              AND cause.product_id = alarm.product_id
                              AND cause.store_id = alarm.store_id)
                )
                INSERT INTO retail_stock_alarm AS alarm (
                    rule_id, company_id, product_id, store_id, kind, quantity, bound, state,
                    opened_at, create_uid, create_date, write_uid, write_date)
                SELECT rule_id, company_id, product_id, store_id, kind, quantity, bound,
                       'open', %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM cause
                ON CONFLICT (rule_id, product_id, store_id, kind) WHERE state != 'resolved'
                DO UPDATE SET quantity = EXCLUDED.quantity, bound = EXCLUDED.bound
                 WHERE (alarm.quantity, alarm.bound)
                       IS DISTINCT FROM (EXCLUDED.quantity, EXCLUDED.bound)
                """,
                measured=self._measured_sql(product_ids, rule_ids),
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        self.invalidate_model()

    @api.model
    def _flush_check(self):
        self.flush_model()
        for model, names in (
            ("retail.stock.alarm.rule", None),
            ("stock.quant", ["product_id", "location_id", "quantity"]),
            ("stock.warehouse", ["active", "is_store", "view_location_id"]),
            ("product.template", ["active", "is_storable", "categ_id"]),
            ("product.product", ["active"]),
        ):
            self.env[model].flush_model(names)

    @api.model
    def _measured_sql(self, product_ids, rule_ids):
        """Return the query of what is on hand, a row per rule, product and store it watches."""
        return SQL(
            """
            SELECT place.rule_id, place.company_id, place.store_id, place.min_qty, place.max_qty,
                   product.id AS product_id, COALESCE((
                       SELECT ROUND(SUM(quant.quantity)::numeric, 6)
                         FROM stock_quant quant
                         JOIN stock_location inside ON inside.id = quant.location_id
                        WHERE quant.product_id = product.id AND inside.usage = 'internal'
                          AND inside.parent_path LIKE place.parent_path || '%%'
                   ), 0) AS quantity
              FROM (
                    SELECT rule.id AS rule_id, rule.company_id, rule.product_id, rule.min_qty,
                           rule.max_qty, store.id AS store_id, location.parent_path,
                           category.parent_path AS category_path
                      FROM retail_stock_alarm_rule rule
                      JOIN stock_warehouse store
                        ON store.company_id = rule.company_id AND store.active
                       AND (store.id = rule.store_id OR rule.store_id IS NULL AND store.is_store)
                      JOIN stock_location location
                        ON location.id = COALESCE(rule.location_id, store.view_location_id)
                      LEFT JOIN product_category category ON category.id = rule.categ_id
                     WHERE rule.active AND %(rules)s
                   ) place
              JOIN product_product product
                ON product.active AND %(products)s
              JOIN product_template template
                ON template.id = product.product_tmpl_id AND template.is_storable
               AND COALESCE(template.company_id, place.company_id) = place.company_id
              LEFT JOIN product_category own ON own.id = template.categ_id
             WHERE product.id = place.product_id
                OR own.parent_path LIKE place.category_path || '%%'
            """,
            rules=SQL("TRUE") if rule_ids is None else SQL("rule.id = ANY(%s)", list(rule_ids)),
            products=SQL("TRUE")
            if product_ids is None
            else SQL("product.id = ANY(%s)", list(product_ids)),
        )

    # === TELLING === #

    @api.model
    def _cron_check(self):
        """Compare all rules with the stock: for what changed without a move."""
        self._check()

    @api.model
    def _cron_tell(self):
        """Tell of new alarms, again of those that nobody acknowledged, and note what failed.

        It only fills the queues of mails and SMS: what is told is told in one transaction.
        """
        self.env["retail.stock.alarm.notice"]._refresh()
        now = fields.Datetime.now()
        self.search([("state", "=", "snoozed"), ("snoozed_until", "<=", now)]).write(
            {"state": "open", "snoozed_until": False}
        )
        due = self.search([("state", "in", ("open", "notified"))], order="told_at NULLS FIRST, id")
        due.filtered(lambda alarm: alarm._is_due(now))[:TOLD_AT_ONCE]._tell()

    def _is_due(self, now):
        hours = self.rule_id.repeat_hours
        if self.state == "open" or not hours:
            return self.state == "open"
        return self.told_at + timedelta(hours=hours) <= now

    def _tell(self):
        """Write to each recipient of the rule on the chosen ways."""
        for alarm in self:
            notices = self.env["retail.stock.alarm.notice"].create(
                [
                    {"alarm_id": alarm.id, "user_id": recipient.user_id.id, "channel": channel}
                    for recipient in alarm.rule_id.recipient_ids
                    for channel in recipient._channels()
                ]
            )
            notices._send()
            alarm.write({"state": "notified", "told_at": fields.Datetime.now()})

    # === ACTIONS === #

    def action_acknowledge(self):
        """Take care of an alarm: it isn't told again, and ends when the stock is right."""
        self._check_handle(("open", "notified", "snoozed"))
        self.sudo().write(  # nobody writes alarms by hand
            {
                "state": "acknowledged",
                "acknowledged_by_id": self.env.uid,
                "acknowledged_at": fields.Datetime.now(),
                "snoozed_until": False,
            }
        )

    def action_snooze(self):
        """Put an alarm aside for the hours that the button names."""
        hours = self.env.context.get("retail_snooze_hours", 24)
        if not 0 < hours <= MAX_SNOOZE_HOURS:
            raise UserError(self.env._("Put an alarm aside for a month at most."))
        self._check_handle(("open", "notified", "snoozed"))
        until = fields.Datetime.now() + timedelta(hours=hours)
        self.sudo().write({"state": "snoozed", "snoozed_until": until})

    def _check_handle(self, states):
        for alarm in self:
            if not alarm.can_handle:
                raise AccessError(
                    self.env._("Alarms are handled by their recipients and by store managers.")
                )
            if alarm.state not in states:
                raise UserError(
                    self.env._(
                        "The alarm of %(product)s is acknowledged or resolved already.",
                        product=alarm.product_id.display_name,
                    )
                )

    def _resolve(self):
        self.write({"state": "resolved", "resolved_at": fields.Datetime.now()})
