from odoo import api, fields, models
from odoo.tools import SQL

FIGURES = ("member_count", "recency_days", "frequency", "amount", "share")
# Farther from the mean of all members than this part of it counts as more or less than usual.
NOTABLE = 0.25


class RetailCluster(models.Model):
    """Members of a company who buy alike (``crm_engine.kmeans``), with the means of their figures.

    The refresh of ``retail.member.insight`` makes and fills them. Rank 1 holds the members who
    spend most; a name given by the user stays with its rank.
    """

    _name = "retail.cluster"
    _description = "Member Cluster"
    _order = "company_id, rank"
    _rec_names_search = ["name"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    rank = fields.Integer(required=True, readonly=True, help="1: the members who spend most.")
    name = fields.Char(
        translate=True, help="Your name for these members; it is told by their figures when empty."
    )
    pattern = fields.Char(compute="_compute_pattern", string="How They Buy")
    member_count = fields.Integer(string="Members", readonly=True)
    recency_days = fields.Float(
        string="Days Since", digits=(16, 1), readonly=True, aggregator="avg"
    )
    frequency = fields.Float(
        string="Purchases",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="In the last 12 months, per member.",
    )
    amount = fields.Monetary(
        string="Spent", readonly=True, aggregator="avg", help="In the last 12 months, per member."
    )
    share = fields.Float(
        string="Share of Sales", readonly=True, help="Of what all members spent in 12 months."
    )

    _company_rank_uniq = models.Constraint(
        "UNIQUE(company_id, rank)", "A company has one cluster of each rank."
    )

    @api.depends("recency_days", "frequency", "amount", "member_count")
    @api.depends_context("lang")
    def _compute_pattern(self):
        means = self._means()
        for cluster in self:
            cluster.pattern = ", ".join(cluster._traits(means.get(cluster.company_id)))

    @api.depends("name", "pattern", "rank")
    def _compute_display_name(self):
        for cluster in self:
            text = cluster.name or cluster.pattern
            cluster.display_name = f"{cluster.rank} · {text}" if text else str(cluster.rank)

    def _means(self):
        """Return {company: (days since, purchases, amount)}: the means of all its members."""
        means = {}
        clusters = self.search([("company_id", "in", self.company_id.ids)])
        for company, rows in clusters.grouped("company_id").items():
            members = sum(rows.mapped("member_count")) or 1
            means[company] = tuple(
                sum(row.member_count * row[name] for row in rows) / members
                for name in ("recency_days", "frequency", "amount")
            )
        return means

    def _traits(self, means):
        """Return what sets these members apart from all others, in words."""
        self.ensure_one()
        if not means or not self.member_count:
            return []
        _ = self.env._
        figures = (
            (self.recency_days, _("came lately"), _("away for long")),
            (self.frequency, _("comes seldom"), _("comes often")),
            (self.amount, _("spends little"), _("spends much")),
        )
        traits = []
        for (value, less, more), mean in zip(figures, means, strict=True):
            if value < mean * (1 - NOTABLE):
                traits.append(less)
            elif value > mean * (1 + NOTABLE):
                traits.append(more)
        return traits or [_("like most members")]

    @api.model
    def _prepare(self):
        """Make the clusters that the companies' settings ask for; remove those beyond them."""
        companies = self.env["res.company"].search([])
        wanted = {
            (company.id, rank)
            for company in companies
            for rank in range(1, company.retail_cluster_count + 1)
        }
        clusters = self.search([])
        there = {(cluster.company_id.id, cluster.rank) for cluster in clusters}
        clusters.filtered(lambda c: (c.company_id.id, c.rank) not in wanted).unlink()
        self.create(
            [{"company_id": company, "rank": rank} for company, rank in sorted(wanted - there)]
        )

    @api.model
    def _file(self):
        """Take the figures of the clusters from the stage of ``retail.member.insight``."""
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE retail_cluster cluster SET (%(columns)s) = (
                    SELECT count(stage.partner_id), COALESCE(round(avg(recency_days), 1), 0),
                           COALESCE(round(avg(frequency), 1), 0),
                           COALESCE(round(avg(stage.amount), 2), 0),
                           COALESCE(sum(stage.amount) / NULLIF((
                               SELECT sum(amount) FROM retail_insight_stage everyone
                                WHERE everyone.company_id = cluster.company_id), 0), 0)
                      FROM retail_insight_stage stage WHERE stage.cluster_id = cluster.id)
                """,
                columns=SQL(", ").join(SQL.identifier(name) for name in FIGURES),
            )
        )
        self.invalidate_model(FIGURES, flush=False)

    def action_open_members(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_member_insight_action"
        )
        action["domain"] = [("cluster_id", "=", self.id)]
        return action
