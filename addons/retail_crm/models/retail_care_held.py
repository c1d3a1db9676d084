import json

from odoo import api, fields, models
from odoo.tools import SQL

REASONS = [
    ("do_not_contact", "Not to be contacted"),
    ("no_plan", "No line of the plan is for the member"),
    ("no_template", "The template is gone"),
    ("no_address", "No address for this way"),
    ("no_consent", "Hasn't agreed to this way"),
    ("capped", "Contacted often enough"),
    ("holdout", "Held out for comparison"),
]


class RetailCareHeld(models.Model):
    """A member with an occasion who got nothing, and why. Written by the generator only.

    What can change, such as an agreement, is judged anew by the next run: the row goes when the
    member gets the task after all. Who was held out for comparison stays so.
    """

    _name = "retail.care.held"
    _description = "Held Back by Care"
    _inherit = ["retail.care.effect.mixin"]
    _order = "made_on desc, id desc"
    _rec_name = "partner_id"

    strategy_id = fields.Many2one(
        "retail.care.strategy", required=True, readonly=True, ondelete="cascade"
    )
    plan_id = fields.Many2one("retail.care.plan", readonly=True, ondelete="set null")
    variant = fields.Char(readonly=True)
    form = fields.Char(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Member", required=True, readonly=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one("res.users", string="Guide", readonly=True, ondelete="set null")
    store_id = fields.Many2one(
        "stock.warehouse", string="Home Store", readonly=True, index="btree_not_null"
    )
    occasion = fields.Char(required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True, index=True)

    _occasion_uniq = models.Constraint(
        "UNIQUE(strategy_id, partner_id, occasion)", "The member is held back for this already."
    )

    @api.model
    def _file(self, strategy, rows, day):
        """Write down the rows with a reason, take away those that got a task."""
        keys = [(row["partner_id"], row["occasion"]) for row in rows if row["outcome"] == "task"]
        self._forget(strategy, keys)
        reasons = {reason for reason, _label in REASONS}
        held = [row for row in rows if row["outcome"] in reasons]
        if not held:
            return
        names = ("partner_id", "guide_id", "store_id", "occasion", "outcome", "plan_id")
        data = [{name: row.get(name) for name in (*names, "variant", "form")} for row in held]
        self.env.cr.execute(
            SQL(
                """INSERT INTO retail_care_held
                          (strategy_id, company_id, made_on, partner_id, user_id, store_id,
                           occasion, reason, plan_id, variant, form,
                           create_uid, create_date, write_uid, write_date)
                   SELECT %(strategy)s, %(company)s, %(day)s, row.*,
                          %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM jsonb_to_recordset(%(rows)s::jsonb) AS row(
                              partner_id int, guide_id int, store_id int, occasion varchar,
                              outcome varchar, plan_id int, variant varchar, form varchar)
                 ORDER BY row.partner_id
              ON CONFLICT (strategy_id, partner_id, occasion) DO UPDATE
                      SET reason = EXCLUDED.reason, made_on = EXCLUDED.made_on,
                          plan_id = EXCLUDED.plan_id, variant = EXCLUDED.variant,
                          form = EXCLUDED.form, write_date = EXCLUDED.write_date
                    WHERE retail_care_held.reason != EXCLUDED.reason""",
                strategy=strategy.id,
                company=strategy.company_id.id,
                day=day,
                rows=json.dumps(data),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _forget(self, strategy, keys):
        if keys:
            partners, occasions = zip(*keys, strict=True)
            self.env.cr.execute(
                SQL(
                    """DELETE FROM retail_care_held held
                        USING unnest(%s, %s) AS made(partner_id, occasion)
                        WHERE held.strategy_id = %s AND held.partner_id = made.partner_id
                          AND held.occasion = made.occasion""",
                    list(partners),
                    list(occasions),
                    strategy.id,
                )
            )
            self.invalidate_model(flush=False)
