from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import split_every
from odoo.tools.safe_eval import datetime, safe_eval

BATCH = 500  # members tagged between two commits of the nightly run


class RetailTagRule(models.Model):
    """Gives a tag to all members whom a filter finds, and takes it from those it finds no more.

    Members are written only when their tag changes.
    """

    _name = "retail.tag.rule"
    _description = "Tag Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    tag_id = fields.Many2one("res.partner.category", required=True, ondelete="cascade", index=True)
    condition = fields.Char(
        string="Members",
        required=True,
        default="[]",
        help="Members whom this filter finds get the tag. context_today() stands for today, so "
        "that a filter can follow the calendar.",
    )
    takes_back = fields.Boolean(
        string="Take Back",
        default=True,
        help="Also take the tag from members whom the filter doesn't find any more. Leave it off "
        "where the tag is given by hand, too.",
    )
    last_run_at = fields.Datetime(string="Last Run", readonly=True, copy=False)
    member_count = fields.Integer(
        string="Tagged Members", related="tag_id.retail_member_count", readonly=True
    )

    @api.constrains("condition")
    def _check_condition(self):
        for rule in self:
            try:
                self.env["res.partner"].search(rule._members_domain(), limit=1)
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The filter of the rule %(name)s can't be read: %(error)s",
                        name=rule.name,
                        error=error,
                    )
                ) from error

    def _members_domain(self):
        self.ensure_one()
        names = {
            "context_today": lambda: fields.Date.context_today(self),
            "datetime": datetime,
            "uid": self.env.uid,
        }
        return Domain(safe_eval(self.condition or "[]", names)) & Domain("is_member", "=", True)

    # === RUN === #

    @api.model
    def _cron_run(self):
        """Nightly: run all rules, in steps that are committed."""
        for changed in self.search([])._run():
            if not self.env["ir.cron"]._commit_progress(changed):
                break

    def _run(self):
        """Tag by the rules; yield the count of each batch of members who changed."""
        partners = self.env["res.partner"]
        for rule in self:
            found = rule._members_domain()
            tagged = Domain("category_id", "in", rule.tag_id.ids)
            steps = [(found & ~tagged, Command.link(rule.tag_id.id))]
            if rule.takes_back:
                gone = tagged & Domain("is_member", "=", True) & ~Domain("id", "any", found)
                steps.append((gone, Command.unlink(rule.tag_id.id)))
            for domain, command in steps:
                for ids in split_every(BATCH, partners.search(domain, order="id").ids):
                    partners.browse(ids).write({"category_id": [command]})
                    yield len(ids)
            rule.last_run_at = fields.Datetime.now()

    def action_run(self):
        """Run the rules now, and tell how many members changed."""
        if not self.env.user.has_group("retail_crm.group_retail_admin"):
            raise AccessError(self.env._("Only a retail administrator runs the tag rules."))
        # A rule holds for all members, also those whom its runner doesn't see.
        changed = sum(self.sudo()._run())
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Members whose tag changed: %(count)s.", count=changed),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_view_members(self):
        """Open the members who carry the tag."""
        self.ensure_one()
        return self.tag_id.action_view_retail_members()
