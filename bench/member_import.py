"""What importing 10,000 members costs: our import run beside stock's import of the same file."""

import base64
import csv
import io
import time

from .measure import result

MEMBERS = 10_000
FIELDS = {
    "Key": "id",
    "Name": "name",
    "Phone": "phone",
    "Email": "email",
    "Card": "member_code",
    "Class": "retail_class_id",
    "Birthday": "birthdate_date",
    "Gender": "gender",
    "City": "city",
    "Street": "street",
}
OPTIONS = {
    "quoting": '"',
    "separator": ",",
    "has_headers": True,
    "headers": True,
    "encoding": "utf-8",
    "date_format": "%Y-%m-%d",
    "datetime_format": "",
    "float_thousand_separator": ",",
    "float_decimal_separator": ".",
    "limit": 2000,  # rows a batch, as the screen sends them
}


def run(env):
    """Return the rows `import.members` and `import.unchanged`; a figure is CPU seconds."""
    env.company.country_id = env.ref("base.cn")
    rows = []
    ours = _ours(env, _file("13", "OUR", "__import__.our"))
    peer = _peer(env, _file("15", "PEER", "__import__.peer"))
    for number, (name, aim) in enumerate((("import.members", 0.4), ("import.unchanged", 0.05))):
        queries = f"{ours[number][1]} / {peer[number][1]}"
        rows.append(
            result(name, ours[number][0], peer[number][0], "s CPU", aim, queries=queries, runs=1)
        )
    return rows


def _file(phones, cards, keys):
    """Return a .csv of members; two files of other phones, cards and keys are alike otherwise."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(FIELDS)
    for number in range(MEMBERS):
        writer.writerow(
            [
                f"{keys}_{number}",
                f"Member {number}",
                f"+86{phones}{number:09}",
                f"{cards.lower()}{number}@example.com",
                f"{cards}{number:06}",
                "VIP" if number % 5 else "Normal",
                f"19{60 + number % 40}-0{1 + number % 9}-1{number % 10}",
                "Female" if number % 2 else "Male",
                "Shanghai",
                f"Nanjing Road {number}",
            ]
        )
    return stream.getvalue().encode()


def _ours(env, content):
    """Import twice; return [(CPU seconds, queries)]."""
    import_run = env["retail.import.run"].create(
        {
            "profile_id": env.ref("retail_crm.import_profile_member").id,
            "file": base64.b64encode(content),
            "file_name": "members.csv",
        }
    )
    costs = [measure(env, import_run._run_now) for _number in range(2)]
    if import_run.unchanged_count != MEMBERS:
        raise AssertionError(f"{import_run.unchanged_count} members were unchanged")
    return costs


def _peer(env, content):
    wizard = env["base_import.import"].with_context(default_is_member=True)
    columns = list(FIELDS)

    def load():
        skip = 0
        one = wizard.create(
            {
                "res_model": "res.partner",
                "file": content,
                "file_type": "text/csv",
                "file_name": "members.csv",
            }
        )
        while skip < MEMBERS:
            done = one.execute_import(list(FIELDS.values()), columns, {**OPTIONS, "skip": skip})
            if done["messages"]:
                raise AssertionError(done["messages"][:3])
            skip += OPTIONS["limit"]

    return [measure(env, load) for _number in range(2)]


def measure(env, work):
    """Return (CPU seconds, queries) of a piece of work."""
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.process_time()
    work()
    env.flush_all()
    return time.process_time() - start, env.cr.sql_log_count - queries
