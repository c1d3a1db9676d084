"""What privacy costs: a list read masked beside whole, a write filed beside one that isn't."""

from odoo.fields import Command

from .measure import cost, result

ROWS = 80
FIELDS = ["name", "member_code", "phone", "email", "street", "retail_class_id", "retail_store_id"]


def run(env):
    """Return the rows `privacy.read` and `privacy.write`."""
    env = env(context={**env.context, "tracking_disable": True})
    members = env["res.partner"].create([
        {"name": f"Private {number}", "is_member": True, "phone": f"1380000{number:04}",
         "email": f"private{number}@example.com", "street": f"Street {number}"}
        for number in range(ROWS)
    ])  # fmt: skip
    return [_read(env, members), _write(env, members)]


def _read(env, members):
    guide, service = (
        env["res.users"].create({
            "name": role, "login": f"bench_{role}",
            "group_ids": [Command.set(env.ref(f"retail_crm.group_{role}").ids)],
        }) for role in ("guide", "service")
    )  # fmt: skip
    domain = [("id", "in", members.ids)]

    def read(user):
        return lambda: env["res.partner"].with_user(user).search_read(domain, FIELDS)

    masked, whole = (cost(read(user), env, _cold(env)) for user in (guide, service))
    return result("privacy.read", masked.cpu, whole.cpu, "s CPU", 2.5,
                  queries=f"{masked.queries} / {whole.queries}")  # fmt: skip


def _write(env, members):
    """The phone of 80 members, which is filed, beside a note of theirs, which isn't."""
    turns = iter(range(10**6))

    def write(name):
        def once():
            turn = next(turns)
            for number, member in enumerate(members):
                member.write({name: f"139{turn:04}{number:04}"})
            env.flush_all()

        return once

    filed = cost(write("street"), env, _cold(env))
    plain = cost(write("zip"), env, _cold(env))
    return result("privacy.write", filed.cpu, plain.cpu, "s CPU", 3.0,
                  queries=f"{filed.queries} / {plain.queries}")  # fmt: skip


def _cold(env):
    def forget():
        env.flush_all()
        env.invalidate_all()

    return forget
