"""What privacy costs: a list read masked beside whole, a write filed beside one that isn't."""

from odoo.fields import Command

from .measure import cost, result

ROWS = 80
FIELDS = ["name", "member_code", "phone", "email", "street", "retail_class_id", "retail_store_id"]


def run(env):
    """Return the rows `privacy.read`, `.write`, and `.audit.*`: what the kept changes cost."""
    env = env(context={**env.context, "tracking_disable": True})
    members = env["res.partner"].create([
        {"name": f"Private {number}", "is_member": True, "phone": f"1380000{number:04}",
         "email": f"private{number}@example.com", "street": f"Street {number}"}
        for number in range(ROWS)
    ])  # fmt: skip
    return [_read(env, members), _write(env, members), _audit_member(env, members),
            _audit_class(env)]  # fmt: skip


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
    """The street of 80 members, which is filed, beside their zip code, which isn't."""
    filed = cost(_writing(env, members, "street"), env, _cold(env))
    plain = cost(_writing(env, members, "zip"), env, _cold(env))
    return result("privacy.write", filed.cpu, plain.cpu, "s CPU", 3.0,
                  queries=f"{filed.queries} / {plain.queries}")  # fmt: skip


def _audit_member(env, members):
    """Our own filing of a member's change beside auditlog's, with a rule on contacts.

    Of few members: auditlog reads every stored field before and after each write.
    """
    members = members[:10]
    filed = cost(_writing(env, members, "street"), env, _cold(env), runs=2)
    rule = env["auditlog.rule"].create({
        "name": "Bench", "model_id": env["ir.model"]._get_id("res.partner"),
        "log_create": False, "log_unlink": False, "state": "confirmed",
    })  # fmt: skip
    try:
        peer = cost(_writing(env, members, "zip"), env, _cold(env), runs=2)
    finally:
        rule.set_to_draft()
    return result("privacy.audit.member", filed.cpu, peer.cpu, "s CPU", 1.0,
                  queries=f"{filed.queries} / {peer.queries}", runs=2)  # fmt: skip


def _audit_class(env):
    """What our auditlog rule adds to the change of one class, which is seldom changed."""
    classes = env["retail.customer.class"].create(
        [{"name": f"Bench {number}", "code": f"bench{number}"} for number in range(20)]
    )
    rule = env.ref("retail_crm.auditlog_rule_customer_class")
    write = _writing(env, classes, "description")
    audited = cost(write, env, _cold(env))
    rule.set_to_draft()
    try:
        plain = cost(write, env, _cold(env))
    finally:
        rule.set_to_confirmed()
    added = 1000 * (audited.cpu - plain.cpu) / len(classes)
    return result("privacy.audit.class.ms", added, None, "ms", 20.0,
                  queries=f"{audited.queries} / {plain.queries}")  # fmt: skip


def _writing(env, records, name):
    """Return what writes a new value to each of the records, every time it is called."""
    turns = iter(range(10**6))

    def once():
        turn = next(turns)
        for number, record in enumerate(records):
            record.write({name: f"139{turn:04}{number:04}"})
        env.flush_all()

    return once


def _cold(env):
    def forget():
        env.flush_all()
        env.invalidate_all()

    return forget
