"""Messages of care in real jobs: the server is killed in the middle, none goes out twice.

What was on its way at that moment is shown to somebody: nobody knows whether the mail server took
it. Once that is decided, every member has had the message, and had it once.
"""

import os
from collections import Counter

from mail_sink import MailSink
from test_import_killed import wait_for

from cli import paths, server

MEMBERS = int(os.environ.get("DAOGOU_MAILS", "300"))
SECONDS = 1_800

PREPARE = """
env.cr.execute("UPDATE ir_cron SET active = false")
env["ir.mail_server"].search([]).active = False
env["ir.mail_server"].create({{"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": {port},
                               "smtp_encryption": "none"}})
env.company.email = "shop@example.com"
tag = env["res.partner.category"].create({{"name": "Killed"}})
env["res.partner"].with_context(tracking_disable=True).create([
    {{"name": f"Member {{number}}", "email": f"m{{number:05}}@example.com", "is_member": True,
      "retail_consent_mail": True, "category_id": tag.ids}} for number in range({members})])
strategy = env["retail.care.strategy"].create({{
    "name": "Killed", "trigger": "manual", "tag_ids": tag.ids,
    "plan_ids": [(0, 0, {{"form": "mail", "from_hour": 0, "to_hour": 24,
                          "mail_template_id": env.ref("retail_crm.care_mail_come_back").id}})]}})
assert strategy._generate() == {members}
env["retail.care.task"]._cron_send()
"""
# As the five-minute job does when a worker left a message behind, without waiting for it.
AFTERWARDS = """
env.cr.execute("UPDATE retail_care_task SET sending_since = sending_since - interval '1 hour'")
env["retail.care.task"]._cron_send()
"""
AGAIN = """
tasks = env["retail.care.task"].search([("state", "=", "failed")])
went_out = {went_out!r}
tasks.filtered(lambda task: task.partner_id.email in went_out).action_mark_sent()
tasks.filtered(lambda task: task.state == "failed").action_send_again()
env["retail.care.task"]._cron_send()
"""


def states(cluster, database: str) -> Counter:
    return Counter(cluster.sql("SELECT state FROM retail_care_task", database))


def all_sent(cluster, database: str) -> bool:
    return states(cluster, database) == Counter(sent=MEMBERS)


def none_waits(cluster, database: str) -> bool:
    return not {"planned", "sending"} & states(cluster, database).keys()


def test_a_killed_server_sends_none_twice_and_loses_none(cluster, database, shell):
    log = paths.run_folder() / "care_killed.log"
    log.unlink(missing_ok=True)
    with MailSink() as sink:
        shell(PREPARE.format(port=sink.port, members=MEMBERS))
        with server.serving(cluster, database, server.free_port(), log) as process:
            assert wait_for(lambda: len(sink.taken) > MEMBERS // 10, 120), "nothing was sent"
            process.kill()
            process.wait()
        early = len(sink.taken)
        assert early < MEMBERS, "killed too late to prove anything"
        shell(AFTERWARDS)
        with server.serving(cluster, database, server.free_port(), log):
            assert wait_for(lambda: none_waits(cluster, database), SECONDS), "not resumed"
            left = states(cluster, database)
            assert left["failed"] <= 1, "one worker was killed: one message at most is unsure"
            twice = [address for address, count in Counter(sink.taken).items() if count > 1]
            assert not twice, twice
            assert MEMBERS - left["failed"] <= len(sink.taken) <= MEMBERS
            shell(AGAIN.format(went_out=sink.taken))
            assert wait_for(lambda: all_sent(cluster, database), SECONDS), "not all sent"
    assert Counter(sink.taken) == Counter(f"m{number:05}@example.com" for number in range(MEMBERS))
    assert len(set(sink.message_ids)) == MEMBERS
