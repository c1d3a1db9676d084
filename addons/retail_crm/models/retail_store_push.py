from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain


class RetailStorePush(models.Model):
    """Work that head office sends to stores: each store gets one task and shows what it did."""

    _name = "retail.store.push"
    _description = "Store Push"
    _inherit = ["mail.thread"]
    _order = "due_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Task for Stores", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Sender",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Is told of late stores that nobody leads.",
    )
    instruction = fields.Html(required=True, help="What the stores shall do, and how.")
    due_date = fields.Date(required=True, tracking=True)
    store_ids = fields.Many2many(
        "stock.warehouse",
        "retail_store_push_store_rel",
        string="Stores",
        domain="[('is_store', '=', True), ('company_id', '=', company_id)]",
        check_company=True,
        help="Each gets a task. A store added later gets it at once; the open task of a store "
        "that is taken out is cancelled.",
    )
    give_to = fields.Selection(
        [("manager", "The store manager"), ("guide", "The guide with least to do")],
        string="Given To",
        required=True,
        default="manager",
        help="Who is away gets nothing. The store manager may hand a task on.",
    )
    needs_file = fields.Boolean(string="Ask for a Photo or File", default=True)
    needs_note = fields.Boolean(string="Ask for a Note")
    needs_number = fields.Boolean(string="Ask for a Number")
    number_label = fields.Char(
        string="What Is Counted", translate=True, help="Such as: posters put up."
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    sent_at = fields.Datetime(string="Sent On", readonly=True, copy=False)
    task_ids = fields.One2many("retail.store.task", "push_id", string="Tasks")
    task_count = fields.Integer(compute="_compute_counts", string="Stores Asked")
    done_count = fields.Integer(compute="_compute_counts", string="Stores Done")
    late_count = fields.Integer(compute="_compute_counts", string="Stores Late")
    done_percent = fields.Integer(compute="_compute_counts", string="Done (%)")

    # === COMPUTE METHODS === #

    def _compute_counts(self):
        task = self.env["retail.store.task"]
        asked = Domain("push_id", "in", self.ids) & Domain("state", "!=", "cancelled")
        total = dict(task._read_group(asked, ["push_id"], ["__count"]))
        done = asked & Domain("state", "=", "done")
        done = dict(task._read_group(done, ["push_id"], ["__count"]))
        late = asked & Domain("is_overdue", "=", True)
        late = dict(task._read_group(late, ["push_id"], ["__count"]))
        for push in self:
            push.task_count = total.get(push, 0)
            push.done_count = done.get(push, 0)
            push.late_count = late.get(push, 0)
            push.done_percent = 100 * push.done_count // (push.task_count or 1)

    # === CONSTRAINT METHODS === #

    @api.constrains("state", "store_ids", "company_id")
    def _check_stores(self):
        for push in self:
            if push.state == "sent" and not push.store_ids:
                raise ValidationError(self.env._("Choose the stores that shall do it."))
            foreign = push.store_ids.filtered(lambda store: not store.is_store)
            if foreign:
                raise ValidationError(
                    self.env._("%(name)s is no store.", name=foreign[0].display_name)
                )

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        sent = self.filtered(lambda push: push.state == "sent")
        if "store_ids" in vals:
            sent._fit_tasks()
        if "due_date" in vals:
            sent.task_ids.reminded = 0
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda push: push.state in ("sent", "done")):
            raise UserError(self.env._("What was sent to stores stays: cancel it instead."))

    # === LIFE === #

    def action_send(self):
        """Give each store its task; tell the user of stores where nobody can have it."""
        for push in self:
            if push.state != "draft":
                raise UserError(self.env._("%(name)s was sent already.", name=push.name))
            if push.due_date < fields.Date.context_today(push):
                raise UserError(self.env._("The day it is due lies in the past: choose another."))
        self.write({"state": "sent", "sent_at": fields.Datetime.now()})
        self._fit_tasks()
        return self._warn_of_orphans()

    def _fit_tasks(self):
        """Make the tasks of the stores that have none, cancel those of stores taken out."""
        for push in self:
            tasks = push.task_ids.filtered(lambda task: task.state != "cancelled")
            gone = tasks.filtered(lambda task, stores=push.store_ids: task.store_id not in stores)
            gone._cancel(self.env._("The store was taken out."))
            new = push.store_ids - tasks.store_id
            back = push.task_ids.filtered(lambda task, new=new: task.store_id in new)
            back.write({"state": "todo", "cancel_reason": False})
            self.env["retail.store.task"].create(
                [{"push_id": push.id, "store_id": store.id} for store in new - back.store_id]
            )._assign()
            push._follow_tasks()

    def _warn_of_orphans(self):
        stores = self.task_ids.filtered(lambda task: not task.user_id).store_id
        if not stores:
            return True
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "Nobody has the task in these stores, give it to somebody: %(stores)s.",
                    stores=", ".join(stores.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _follow_tasks(self):
        """A push is done with its last task, and open again when one is sent back."""
        for push in self:
            asked = push.task_ids.filtered(lambda task: task.state != "cancelled")
            ended = bool(asked) and all(task.state == "done" for task in asked)
            if push.state == "sent" and ended:
                push.state = "done"
            elif push.state == "done" and not ended:
                push.state = "sent"

    def action_cancel(self):
        """Call the push off: open tasks are cancelled, what stores did stays."""
        for push in self:
            if push.state not in ("draft", "sent"):
                raise UserError(self.env._("It has ended."))
        reason = self.env._("Head office has called it off.")
        self.task_ids.filtered(lambda task: task.state == "todo")._cancel(reason)
        self.state = "cancelled"

    def action_view_tasks(self):
        """Open the stores' tasks of this push."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "retail_crm.retail_store_task_action_all"
        )
        action["domain"] = [("push_id", "=", self.id)]
        return action

    def action_view_late(self):
        action = self.action_view_tasks()
        return {**action, "context": {"search_default_overdue": 1}}

    def action_all_stores(self):
        """Choose all stores of the company."""
        for push in self:
            stores = self.env["stock.warehouse"].search(
                [("is_store", "=", True), ("company_id", "=", push.company_id.id)]
            )
            push.store_ids = [Command.set(stores.ids)]
