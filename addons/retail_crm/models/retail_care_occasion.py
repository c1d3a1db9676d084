"""The triggers of care: which members have an occasion on a day, and what it is."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, format_date

from ..crm_engine.birthdays import coming_birthdays

CATCH_UP_DAYS = 7  # an occasion that a run missed is still taken up so many days later


class RetailCareStrategy(models.Model):
    """A trigger is a method ``_occasion_sql_<trigger>(day)`` that returns, for a row ``member`` of
    res_partner, at most one row (occasion, event_day, last_purchase_day).

    The occasion names the reason for ever: the database holds one task per strategy, member and
    occasion. ``event_day`` is the day that the reason is about.
    """

    _inherit = "retail.care.strategy"

    def _today(self):
        """Return the day by the company's clock, the one that cuts the days of its sales."""
        tz = self.env["stock.warehouse"]._get_retail_tz(self.company_id)
        return fields.Date.context_today(self.with_context(tz=tz))

    def _occasion_sql(self, day):
        return getattr(self, f"_occasion_sql_{self.trigger}")(day)

    def _occasion_sql_new_member(self, day):
        """The member was entered ``days`` ago, or a few days more when a run was missed."""
        return SQL(
            """SELECT joined.day::text AS occasion, joined.day AS event_day,
                      NULL::date AS last_purchase_day
                 FROM (SELECT %s AS day) joined WHERE joined.day BETWEEN %s AND %s""",
            self._local_day_sql(SQL("member.create_date")),
            *self._span(day),
        )

    def _span(self, day):
        """Return the first and last day whose events are ``days`` old, missed runs included."""
        last = day - timedelta(days=self.days)
        return last - timedelta(days=CATCH_UP_DAYS), last

    def _local_day_sql(self, moment):
        tz = self.env["stock.warehouse"]._get_retail_tz(self.company_id)
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, tz)

    def _occasion_sql_no_purchase(self, day):
        """No purchase in the last ``days`` days; the occasion is the day of the last one."""
        return SQL(
            "SELECT * FROM (%s) bought WHERE bought.event_day <= %s",
            self._last_purchase_sql(),
            day - timedelta(days=self.days),
        )

    def _last_purchase_sql(self):
        return SQL(
            """SELECT max(fact.day)::text AS occasion, max(fact.day) AS event_day,
                      max(fact.day) AS last_purchase_day
                 FROM retail_sale_fact fact
                WHERE fact.partner_id = member.commercial_partner_id AND fact.company_id = %s
                  AND fact.event = 'sold'""",
            self.company_id.id,
        )

    def _occasion_sql_birthday(self, day):
        """The birthday, lunar or solar, is at most ``days`` ahead; 29 February on the 28th."""
        last = day + timedelta(days=self.days)
        coming = {key: on for key, on in coming_birthdays(day).items() if on <= last}
        return SQL(
            """SELECT birthday.day::text AS occasion, birthday.day AS event_day,
                      NULL::date AS last_purchase_day
                 FROM unnest(%s, %s) AS birthday(key, day)
                WHERE birthday.key = member.retail_birthday_key""",
            list(coming),
            list(coming.values()),
        )

    def _occasion_sql_festival(self, day):
        """The festival is at most ``days`` ahead."""
        feast = self.festival_id._coming_day(day)
        near = bool(feast) and feast <= day + timedelta(days=self.days)
        return SQL(
            """SELECT %(feast)s::date::text AS occasion, %(feast)s::date AS event_day,
                      NULL::date AS last_purchase_day WHERE %(near)s""",
            feast=feast or None,
            near=near,
        )

    def _occasion_sql_after_purchase(self, day):
        """Bought ``days`` ago, and kept; of the products or categories when any are named."""
        first, last = self._span(day)
        wanted = SQL("TRUE")
        if products := self._wanted_products():
            wanted = SQL("fact.product_id = ANY(%s)", products)
        return SQL(
            """SELECT max(sale.day)::text AS occasion, max(sale.day) AS event_day,
                      max(sale.day) AS last_purchase_day
                 FROM (SELECT min(fact.day) FILTER (WHERE fact.event = 'sold') AS day
                         FROM retail_sale_fact fact
                        WHERE fact.partner_id = member.commercial_partner_id
                          AND fact.company_id = %s AND fact.day >= %s AND %s
                     GROUP BY fact.basket HAVING sum(fact.qty) > 0) sale
                WHERE sale.day <= %s HAVING max(sale.day) IS NOT NULL""",
            self.company_id.id,
            first,
            wanted,
            last,
        )

    def _wanted_products(self):
        """Return the ids of the products named by themselves or by category; [] for all."""
        if not (self.product_ids or self.product_categ_ids):
            return []
        # Archived products were bought, too.
        products = self.env["product.product"].with_context(active_test=False)
        below = products.search([("categ_id", "child_of", self.product_categ_ids.ids)])
        return [*self.product_ids.ids, *(below.ids if self.product_categ_ids else ())] or [0]

    def _occasion_sql_class_change(self, day):
        """The class was changed ``days`` ago."""
        way = {"any": SQL("TRUE"), "up": SQL("new.level > old.level")}
        way["down"] = SQL("new.level < old.level")
        return SQL(
            """SELECT change.id::text AS occasion, change.day AS event_day,
                      NULL::date AS last_purchase_day
                 FROM (SELECT history.id, %s AS day
                         FROM retail_class_history history
                    LEFT JOIN retail_customer_class old ON old.id = history.old_class_id
                    LEFT JOIN retail_customer_class new ON new.id = history.new_class_id
                        WHERE history.partner_id = member.id AND %s) change
                WHERE change.day BETWEEN %s AND %s
             ORDER BY change.id DESC LIMIT 1""",
            self._local_day_sql(SQL("history.create_date")),
            way[self.class_change],
            *self._span(day),
        )

    def _occasion_sql_class_drop(self, day):
        """Within ``days`` the purchases that count no more keep the class, unless more is bought.

        The rule is that of ``retail.customer.class``, looked at as of the later day. The occasion
        is the last purchase: a member who bought, but not enough, hears of it once more.
        """
        return SQL(
            """SELECT class.id || ' ' || COALESCE(spent.last_day::text, '') AS occasion,
                      %(then)s::date AS event_day, spent.last_day AS last_purchase_day
                 FROM retail_customer_class class
           CROSS JOIN LATERAL (SELECT %(then)s::date
                                      - make_interval(months => class.rule_months) AS since) span
           CROSS JOIN LATERAL (
                      SELECT COALESCE(sum(fact.total_company)
                                 FILTER (WHERE fact.day > span.since), 0) AS amount,
                             count(DISTINCT fact.basket) FILTER (
                                 WHERE fact.event = 'sold' AND fact.day > span.since) AS orders,
                             max(fact.day) FILTER (WHERE fact.event = 'sold') AS last_day
                        FROM retail_sale_fact fact
                       WHERE fact.partner_id = member.commercial_partner_id
                         AND fact.company_id = %(company)s) spent
                WHERE class.id = member.retail_class_id AND class.active
                  AND class.by_hand IS NOT TRUE AND class.currency_id = %(currency)s
                  AND (spent.amount < class.keep_amount OR spent.orders < class.keep_orders)
                  AND span.since >= COALESCE(
                      (SELECT max(past.create_date) FROM retail_class_history past
                        WHERE past.partner_id = member.id), member.create_date)""",
            then=day + timedelta(days=self.days),
            company=self.company_id.id,
            currency=self.company_id.currency_id.id,
        )

    def _occasion_sql_churn_risk(self, day):
        """More likely lost than the strategy allows; the occasion is the last purchase."""
        return SQL(
            """SELECT bought.* FROM retail_member_insight insight, LATERAL (%s) bought
                WHERE insight.partner_id = member.commercial_partner_id
                  AND insight.company_id = %s AND insight.churn_probability >= %s
                  AND bought.event_day IS NOT NULL""",
            self._last_purchase_sql(),
            self.company_id.id,
            self.risk_percent / 100,
        )

    def _occasion_sql_manual(self, day):
        """Whoever presses the button has the reason; once a day at most."""
        return SQL(
            "SELECT %(day)s::date::text AS occasion, %(day)s::date AS event_day,"
            " NULL::date AS last_purchase_day",
            day=day,
        )

    # === OCCASIONS THAT ARE NONE ANY MORE === #

    def _withdraw_sql(self):
        """Return the condition on ``task`` for an occasion that is gone; None when it stays."""
        if self.trigger not in ("no_purchase", "churn_risk"):
            return None
        return SQL(
            """EXISTS (SELECT 1 FROM retail_sale_fact fact
                         JOIN res_partner member ON member.id = task.partner_id
                        WHERE fact.partner_id = member.commercial_partner_id
                          AND fact.company_id = %s AND fact.event = 'sold'
                          AND fact.day > task.last_purchase_day)""",
            self.company_id.id,
        )

    # === IN WORDS === #

    def _reason_text(self, event_day):
        """Return the reason of an occasion in a sentence."""
        day = event_day and format_date(self.env, event_day)
        return self._reason_texts(day).get(self.trigger) if day else self.name

    def _reason_texts(self, day):
        _ = self.env._
        return {
            "new_member": _("Member since %(day)s.", day=day),
            "no_purchase": _("No purchase since %(day)s.", day=day),
            "birthday": _("Birthday on %(day)s.", day=day),
            "festival": _(
                "%(festival)s on %(day)s.", festival=self.festival_id.name or "", day=day
            ),
            "after_purchase": _("Bought on %(day)s.", day=day),
            "class_change": _("Class changed on %(day)s.", day=day),
            "class_drop": _("Falls to a lower class by %(day)s unless more is bought.", day=day),
            "churn_risk": _("Likely to stay away; last purchase on %(day)s.", day=day),
            "manual": self.name,
        }
