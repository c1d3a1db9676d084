import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, formatLang, split_every

_logger = logging.getLogger(__name__)

BATCH = 200  # members whose class is changed between two commits of the nightly run


class RetailCustomerClass(models.Model):
    _name = "retail.customer.class"
    _description = "Customer Class"
    _inherit = ["mail.thread"]
    _order = "level, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short code that imports and interfaces use for this class.")
    level = fields.Integer(
        default=10,
        tracking=True,
        help="A higher level is a better class. New members start in the lowest one.",
    )
    color = fields.Integer()
    description = fields.Text(translate=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        tracking=True,
        help="Price list that members of this class get unless their own says otherwise.",
    )
    active = fields.Boolean(default=True, tracking=True)
    churn_days = fields.Integer(
        string="Lost After (Days)",
        help="Members of this class count as lost after as many days without a purchase; "
        "0: as the company's settings say.",
    )
    member_count = fields.Integer(compute="_compute_member_count", string="Members")
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of the amounts below; purchases count in companies that have this currency.",
    )
    rule_months = fields.Integer(
        string="Months",
        default=12,
        tracking=True,
        help="Purchases of so many months back from today count.",
    )
    upgrade_amount = fields.Monetary(
        string="Reached by Spending",
        tracking=True,
        help="Members below this class rise to it when they spent as much, net of refunds; "
        "0 for no such rule.",
    )
    upgrade_orders = fields.Integer(
        string="Reached by Purchases",
        tracking=True,
        help="Members below this class rise to it after as many purchases; 0 for no such rule.",
    )
    keep_amount = fields.Monetary(
        string="Kept by Spending",
        tracking=True,
        help="Members of this class who spent less fall to the class that they reach; "
        "0 for no such rule.",
    )
    keep_orders = fields.Integer(
        string="Kept by Purchases",
        tracking=True,
        help="Members of this class with fewer purchases fall to the class that they reach; "
        "0 for no such rule.",
    )
    has_upgrade_rule = fields.Boolean(compute="_compute_has_rules")
    has_keep_rule = fields.Boolean(compute="_compute_has_rules")
    by_hand = fields.Boolean(
        string="By Hand Only",
        tracking=True,
        help="Rules move no member into this class nor out of it, as for wholesale.",
    )

    _name_uniq = models.Constraint("UNIQUE(name)", "A customer class of this name exists.")
    _code_uniq = models.UniqueIndex(
        "(lower(code)) WHERE code IS NOT NULL", "A customer class with this code exists."
    )
    _churn_days_positive = models.Constraint(
        "CHECK(churn_days >= 0)", "The days after which a member is lost can't be negative."
    )
    _months_positive = models.Constraint(
        "CHECK(rule_months > 0)", "The rules must look back one month at least."
    )
    _rule_positive = models.Constraint(
        "CHECK(upgrade_amount >= 0 AND upgrade_orders >= 0"
        " AND keep_amount >= 0 AND keep_orders >= 0)",
        "The amounts and purchases of the rules can't be negative.",
    )

    def _compute_member_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("retail_class_id", "in", self.ids), ("is_member", "=", True)],
                ["retail_class_id"],
                ["__count"],
            )
        )
        for record in self:
            record.member_count = counts.get(record, 0)

    @api.depends("upgrade_amount", "upgrade_orders", "keep_amount", "keep_orders", "by_hand")
    def _compute_has_rules(self):
        for record in self:
            ruled = not record.by_hand
            record.has_upgrade_rule = ruled and (record.upgrade_amount or record.upgrade_orders)
            record.has_keep_rule = ruled and (record.keep_amount or record.keep_orders)

    # === CONSTRAINTS === #

    @api.constrains("name")
    def _check_name(self):
        """Refuse the name of another class, archived or not, whatever the case of its letters."""
        for record in self:
            name = (record.name or "").strip().lower()
            others = self.with_context(active_test=False).search([("id", "!=", record.id)])
            if any(name == (other.name or "").strip().lower() for other in others):
                raise ValidationError(
                    self.env._(
                        "There is a class named %(name)s already, perhaps an archived one. "
                        "Choose another name, or use that class.",
                        name=record.name,
                    )
                )

    @api.constrains(
        "upgrade_amount", "upgrade_orders", "keep_amount", "keep_orders", "level", "by_hand",
        "active",
    )  # fmt: skip
    def _check_rules(self):
        """Refuse rules that send a member round in circles: in today, out tomorrow, in again."""
        for record in self:
            if record.keep_amount > record.upgrade_amount > 0 or (
                record.keep_orders > record.upgrade_orders > 0
            ):
                raise ValidationError(
                    self.env._(
                        "Members would rise to %(name)s and fall again at once: what keeps the "
                        "class must not be more than what reaches it.",
                        name=record.name,
                    )
                )
        self._check_levels()

    def _check_levels(self):
        ruled = self.search([]).filtered("has_upgrade_rule")
        for level, classes in ruled.grouped("level").items():
            if len(classes) > 1 and classes & self:
                raise ValidationError(
                    self.env._(
                        "The classes %(names)s have the same level %(level)s and rules of "
                        "their own, so that no rule tells which one is better. Give them "
                        "different levels.",
                        names=", ".join(classes.mapped("name")),
                        level=level,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_members(self):
        """Refuse to delete a class that members have, archived ones and all companies' too."""
        # The number must hold for members whom the user doesn't see, too.
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        for record in self:
            count = partners.search_count([("retail_class_id", "=", record.id)])
            if count:
                archived = partners.search_count(
                    [("retail_class_id", "=", record.id), ("active", "=", False)]
                )
                raise UserError(
                    self.env._(
                        "The class %(name)s has %(count)s members, %(archived)s of them archived, "
                        "and can't be deleted. Give these members another class first, or "
                        "archive the class: its members keep it and nobody new gets it.",
                        name=record.name,
                        count=count,
                        archived=archived,
                    )
                )

    # === ACTIONS === #

    def action_view_members(self):
        """Open the members of the class."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("retail_crm.retail_member_action")
        action["domain"] = [("is_member", "=", True), ("retail_class_id", "=", self.id)]
        action["context"] = {"default_is_member": True, "default_retail_class_id": self.id}
        return action

    def action_apply_rules(self):
        """Apply the rules of all classes now, and tell how many members changed."""
        if not self.env.user.has_group("retail_crm.group_retail_admin"):
            raise AccessError(self.env._("Only a retail administrator applies the class rules."))
        # All members are judged alike, whoever asks for it.
        changed = sum(self.env["retail.customer.class"].sudo()._apply_rules())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Members who changed class: %(count)s.", count=changed),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === RULES === #

    @api.model
    def _cron_apply_rules(self):
        """Nightly: lift and lower members by the rules, in steps that are committed."""
        for changed in self._apply_rules():
            if not self.env["ir.cron"]._commit_progress(changed):
                break

    def _apply_rules(self):
        """Change the classes that the rules call for; yield the count of each batch."""
        moves = self.env.execute_query_dict(self._moves_sql())
        if moves:
            _logger.info("Class rules: %s members change class", len(moves))
        for batch in split_every(BATCH, moves):
            yield self._apply_moves(batch)

    def _apply_moves(self, moves):
        members = self.env["res.partner"].browse(move["id"] for move in moves)
        before = {member: member.retail_class_id for member in members}
        for move, member in zip(moves, members, strict=True):
            member.with_context(retail_class_filed=True).retail_class_id = move["class_id"]
        for reason in ("upgrade", "downgrade"):
            notes = {
                move["id"]: self._move_note(move) for move in moves if move["reason"] == reason
            }
            changed = {member: old for member, old in before.items() if member.id in notes}
            members._retail_note_classes(changed, reason, notes)
        return len(moves)

    def _move_note(self, move):
        judge = self.browse(move["judge_id"])
        return self.env._(
            "%(amount)s in %(orders)s purchases within %(months)s months",
            amount=formatLang(self.env, move["amount"], currency_obj=judge.currency_id),
            orders=move["orders"],
            months=judge.rule_months,
        )

    def _moves_sql(self):
        """Return the query of members whom the rules move.

        Columns: id, class_id (the new class), reason, judge_id (the class whose rule decided),
        amount and orders in its months. A member rises to the best class that is reached; one
        who has had the class for its months, keeps it no more and doesn't reach it either falls
        to the best class reached, else to the lowest one that asks for nothing.
        """
        self.env["res.partner"].flush_model(["is_member", "active", "retail_class_id"])
        self.flush_model()
        self.env["retail.class.history"].flush_model()
        today = fields.Date.context_today(self)
        return SQL(
            """
            WITH rule AS (
                SELECT id, level, currency_id, upgrade_amount, upgrade_orders,
                       COALESCE(keep_amount, 0) AS keep_amount,
                       COALESCE(keep_orders, 0) AS keep_orders,
                       COALESCE(upgrade_amount > 0, FALSE)
                           OR COALESCE(upgrade_orders > 0, FALSE) AS reachable,
                       %(today)s::date - make_interval(months => rule_months) AS since
                  FROM retail_customer_class WHERE active AND by_hand IS NOT TRUE
            ), spend AS (
                SELECT fact.partner_id, rule.id AS class_id, sum(fact.total_company) AS amount,
                       count(DISTINCT fact.basket) FILTER (WHERE fact.event = 'sold') AS orders
                  FROM retail_sale_fact fact
                  JOIN res_company company ON company.id = fact.company_id
                  JOIN rule ON rule.currency_id = company.currency_id AND fact.day > rule.since
                 WHERE fact.partner_id IS NOT NULL
                 GROUP BY fact.partner_id, rule.id
            ), member AS (
                SELECT partner.id, partner.commercial_partner_id, rule.id AS class_id, rule.level,
                       rule.keep_amount, rule.keep_orders,
                       rule.since >= COALESCE(
                           (SELECT max(past.create_date) FROM retail_class_history past
                             WHERE past.partner_id = partner.id),
                           partner.create_date) AS settled
                  FROM res_partner partner
                  JOIN rule ON rule.id = partner.retail_class_id
                 WHERE partner.is_member AND partner.active
            ), reached AS (
                SELECT DISTINCT ON (member.id) member.id, rule.id AS class_id, rule.level,
                       spend.amount, spend.orders
                  FROM member
                  JOIN spend ON spend.partner_id = member.commercial_partner_id
                  JOIN rule ON rule.id = spend.class_id
                 WHERE (rule.upgrade_amount > 0 AND spend.amount >= rule.upgrade_amount)
                    OR (rule.upgrade_orders > 0 AND spend.orders >= rule.upgrade_orders)
                 ORDER BY member.id, rule.level DESC
            )
            SELECT member.id, reached.class_id, 'upgrade' AS reason,
                   reached.class_id AS judge_id, reached.amount, reached.orders
              FROM member JOIN reached USING (id)
             WHERE reached.level > member.level
            UNION ALL
            SELECT member.id, COALESCE(reached.class_id, entry.id), 'downgrade',
                   member.class_id, COALESCE(spend.amount, 0), COALESCE(spend.orders, 0)
              FROM member
              LEFT JOIN reached ON reached.id = member.id
              LEFT JOIN spend ON spend.partner_id = member.commercial_partner_id
                             AND spend.class_id = member.class_id
              LEFT JOIN LATERAL (
                    SELECT rule.id FROM rule
                     WHERE NOT rule.reachable AND rule.level < member.level
                     ORDER BY rule.level, rule.id LIMIT 1) entry ON TRUE
             WHERE (member.keep_amount > 0 OR member.keep_orders > 0) AND member.settled
               AND NOT (member.keep_amount > 0
                        AND COALESCE(spend.amount, 0) >= member.keep_amount)
               AND NOT (member.keep_orders > 0
                        AND COALESCE(spend.orders, 0) >= member.keep_orders)
               AND COALESCE(reached.level, member.level - 1) < member.level
               AND COALESCE(reached.class_id, entry.id) IS NOT NULL
             ORDER BY id
            """,
            today=today,
        )
