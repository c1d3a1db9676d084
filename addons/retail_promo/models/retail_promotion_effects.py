"""What came of a promotion: its figures in words on the form, kept up to date."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import float_round

from .retail_promotion_comparison import named_goods

MOVING_DAYS = 3  # after its end, in which late entries still change the days of a promotion
FIGURES = (
    "orders:sum",
    "partner_id:count_distinct",
    "qty:sum",
    "sales:sum",
    "discount:sum",
    "gift_cost:sum",
    "given:sum",
    "margin:sum",
    "sold:sum",
    "before:sum",
    "uplift:sum",
    "others_before:sum",
    "uplift_others:sum",
    "extra_margin:sum",
    "roi:avg",
)


class RetailPromotion(models.Model):
    _inherit = "retail.promotion"

    stopped_at = fields.Datetime(
        readonly=True, copy=False, help="When it was paused or ended; empty while it runs."
    )
    effect_html = fields.Html(
        string="What Came of It",
        compute="_compute_effect_html",
        sanitize=False,
        groups="retail_crm.group_promotion,retail_crm.group_store_manager,"
        "retail_crm.group_accountant",
    )

    def _compute_effect_html(self):
        for promotion in self:
            promotion.effect_html = self.env["ir.qweb"]._render(
                "retail_promo.retail_promotion_effect_panel",
                {"rows": promotion._effect_rows()},
            )

    def _effect_figures(self):
        """Return {figure: number} of the promotion; None for what can't be told."""
        self.ensure_one()
        rows = self.env["retail.promotion.effect"]
        (row,) = rows._read_group([("promotion_id", "in", self.ids)], [], FIGURES)
        names = [figure.split(":")[0] for figure in FIGURES]
        return {
            name: None if value is False else value for name, value in zip(names, row, strict=True)
        }

    def _effect_rows(self):
        """Return what the panel shows: [(label, value, how it is made)]."""
        figures = self._effect_figures()
        money = self.company_currency_id.format
        _ = self.env._
        rows = [
            (
                _("Orders"),
                f"{int(figures['orders'] or 0)}",
                _("Orders and receipts on which it took something off, also if returned later."),
            ),
            (_("Members"), f"{figures['partner_id']}", _("Different customers on these orders.")),
            (
                _("Pieces"),
                f"{float_round(figures['qty'] or 0, 2):g}",
                _("Everything on these orders, less what came back."),
            ),
            (
                _("Sales"),
                money(figures["sales"] or 0),
                _("All of these orders without tax, after discounts, less returns."),
            ),
            (
                _("Discount"),
                money(figures["discount"] or 0),
                _("What it took off without tax, less what returns gave back."),
            ),
            (
                _("Cost of gifts"),
                money(figures["gift_cost"] or 0),
                _("What the gifts cost us, not their price."),
            ),
            (
                _("Margin"),
                money(figures["margin"] or 0),
                _("Sales less the cost of all goods on these orders, gifts too."),
            ),
        ]
        return rows + self._effect_comparison_rows(figures, money)

    def _effect_comparison_rows(self, figures, money):
        """Return the rows of the panel that compare with the weeks before and with others."""
        _ = self.env._
        start, last, weeks = self.env["retail.promotion.comparison"].sudo()._days(self)
        if not self._effect_compared() or start > last:
            text = _("From the first whole day on: it is compared with the same weekdays before.")
            return [(_("Uplift"), "-", text)]
        if not weeks:
            text = _("Nothing was sold in the week before it began: there is nothing to compare.")
            return [(_("Uplift"), "-", text)]
        return [
            (
                _("Uplift"),
                self._effect_uplift_text(figures, money),
                _(
                    "Its goods sold %(sold)s in its stores on %(days)s whole days; on the same "
                    "weekdays of the %(weeks)s weeks before it was %(before)s.",
                    sold=money(figures["sold"] or 0),
                    days=(last - start).days + 1,
                    weeks=weeks,
                    before=money(figures["before"] or 0),
                ),
            ),
            (
                _("Uplift against others"),
                "-" if figures["uplift_others"] is None else money(figures["uplift_others"]),
                _(
                    "More or less than if sales to those who may have it had grown like sales to "
                    "members whom class, tags or segment keep from it, and in stores and "
                    "channels where it doesn't hold. - where it is for everybody everywhere."
                ),
            ),
            (
                _("Extra margin"),
                money(figures["extra_margin"] or 0),
                _("Margin of its goods less their usual margin; discount and gifts are off it."),
            ),
            (
                _("ROI"),
                "-" if figures["roi"] is None else f"{float_round(figures['roi'], 1):g} %",
                _(
                    "Extra margin in percent of what it cost: %(given)s of discount and gifts. "
                    "Above 0 it earned more than it gave.",
                    given=money(figures["given"] or 0),
                ),
            ),
        ]

    def _effect_uplift_text(self, figures, money):
        uplift = money(figures["uplift"] or 0)
        if not figures["before"]:
            return uplift
        percent = float_round(100 * figures["uplift"] / figures["before"], 1)
        return f"{uplift} ({percent:+g} %)"

    # === COMPARISON === #

    def _effect_compared(self):
        """Return those of the promotions that began."""
        now = fields.Datetime.now()
        return self.filtered(
            lambda promotion: (
                promotion.state in ("running", "paused", "ended")
                and promotion.date_from
                and promotion.date_from <= now
            )
        )

    @api.model
    def _effect_refresh_moving(self):
        """Work out the days of the promotions whose figures may still move."""
        since = fields.Datetime.now() - timedelta(days=MOVING_DAYS)
        moving = Domain("state", "in", ("running", "paused")) | (
            Domain("state", "=", "ended")
            & (Domain("date_to", ">=", since) | Domain("stopped_at", ">=", since))
        )
        self._effect_refresh_of(self.sudo().search(moving))

    def _effect_refresh_of(self, promotions):
        # Derived data: whoever may look at it may have it worked out.
        self.env["retail.promotion.comparison"].sudo()._refresh(
            promotions.sudo()._effect_compared()
        )

    @api.model
    def _cron_effect(self):
        self._effect_refresh_moving()

    def _effect_goods(self):
        """Return the domain of the products that it counts, makes cheaper or gives away."""
        self.ensure_one()
        if self.product_scope == "all":
            goods = Domain.TRUE
        else:
            goods = named_goods(self.product_ids, self.category_ids, self.brand_ids, self.tag_ids)
        goods &= ~named_goods(
            self.exclude_product_ids,
            self.exclude_category_ids,
            self.exclude_brand_ids,
            self.exclude_tag_ids,
        )
        if self.target_scope == "some":
            goods |= named_goods(
                self.target_product_ids,
                self.target_category_ids,
                self.target_brand_ids,
                self.target_tag_ids,
            )
        if self.reward_kind == "gift":
            goods |= Domain("id", "in", self.gift_ids.product_id.ids)
        return goods.optimize(self.env["product.product"])

    # === EVENTS === #

    def _set_state(self, state):
        result = super()._set_state(state)
        stopped = fields.Datetime.now() if state in ("paused", "ended") else False
        for promotion in self.sudo():
            # What was paused before it ended has stopped then.
            if not (stopped and promotion.stopped_at):
                promotion.stopped_at = stopped
        self._effect_refresh_of(self)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "date_to" in vals:
            self._effect_refresh_of(self)
        return result

    # === ACTIONS === #

    def action_view_effect(self):
        """Open the figures of this promotion, worked out anew."""
        self.ensure_one()
        self._effect_refresh_of(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_promo.retail_promotion_effect_action"
        )
        return {
            **action,
            "name": self.env._("Effect of %(promotion)s", promotion=self.name),
            "domain": [("promotion_id", "=", self.id)],
            "context": {},
        }

    def action_refresh_effect(self):
        """Work out the figures anew and show them."""
        self.check_access("read")
        self._effect_refresh_of(self)
        return True
