"""Whose task it becomes."""

import heapq

from odoo import models
from odoo.fields import Domain


class RetailCareStrategy(models.Model):
    _inherit = "retail.care.strategy"

    def _assign(self, rows, day):
        """Set ``user_id`` of each row by the rule of the strategy; the owner when nobody is there.

        Tasks given to somebody in this run count as that person's load for the next row. Who is
        absent gets nothing; messages that the system sends carry the member's guide, if any.
        """
        self.ensure_one()
        users = self._assignable_users(rows, day)
        able = set(users.ids)
        loads = self._loads(users)
        staff = self._staff_heaps(users, loads)
        automatic = self.env["retail.care.plan"]._automatic_forms()
        for row in rows:
            guide = row["guide_id"] if row["guide_id"] in able else None
            if row["form"] in automatic:
                row["user_id"] = guide
                continue
            wanted = guide if self.assign == "guide" else None
            heap = staff.get("team" if self.team_ids else row["store_id"])
            row["user_id"] = wanted or self._least_busy(heap, loads) or self.user_id.id
            loads[row["user_id"]] = loads.get(row["user_id"], 0) + 1
        return rows

    def _staff_heaps(self, users, loads):
        """Return {store id, or "team": heap of (load, user id)}."""
        staff = {}
        for user in users:
            for store in user.retail_store_ids:
                staff.setdefault(store.id, []).append((loads.get(user.id, 0), user.id))
            if user in self.team_ids:
                staff.setdefault("team", []).append((loads.get(user.id, 0), user.id))
        for heap in staff.values():
            heapq.heapify(heap)
        return staff

    @staticmethod
    def _least_busy(heap, loads):
        """Return the id of the user with the fewest tasks; the heap may lag behind."""
        while heap:
            load, user_id = heap[0]
            now = loads.get(user_id, 0)
            if load == now:
                return user_id
            heapq.heapreplace(heap, (now, user_id))
        return None

    def _assignable_users(self, rows, day):
        """Return who is present of the named guides, the care group and the stores' guides."""
        named = [row["guide_id"] for row in rows if row["guide_id"]]
        named = Domain("id", "in", [*named, *self.team_ids.ids])
        stores = {row["store_id"] for row in rows if row["store_id"]}
        guides = self.env.ref("retail_crm.group_guide")
        staff = Domain("retail_store_ids", "in", list(stores)) & Domain(
            "all_group_ids", "in", guides.ids
        )
        domain = (named | staff) & Domain("share", "=", False)
        domain &= Domain("company_ids", "in", self.company_id.ids)
        # The list of colleagues and of who is away, whoever presses the button.
        users = self.env["res.users"].sudo().search(domain)
        return users - self.env["retail.care.absence"].sudo()._absent_users(day)

    def _loads(self, users):
        """Return {user id: tasks that count}: in turn those of the strategy, else the open ones."""
        task = self.env["retail.care.task"].sudo()
        if self.assign == "round":
            counted = Domain("strategy_id", "=", self.id)
        else:
            counted = task._work_domain()
        groups = task._read_group(
            counted & Domain("user_id", "in", users.ids), ["user_id"], ["__count"]
        )
        return {user.id: count for user, count in groups}
