"""Work that members make: entered twice, merged, moved up, imported with mistakes."""

import base64

from . import invent

ENTERED_TWICE = slice(10, 13)
MERGED = 13
MOVED_UP = slice(20, 25)
NEWCOMERS = 900_000  # numbers of members who aren't in the file
# Three members who come in and three rows that are refused, each for another reason.
FILE_NAME = "fair_may.csv"
FILE = """\
会员卡号,姓名,手机,生日,农历生日,等级,来源
F-0001,沈雨桐,+86 139 0056 0001,1988-10-23,九月十三,VIP,Event
F-0002,Paul Reed,+86 139 0056 0002,1979-02-14,,Normal,Event
F-0003,顾念慈,+86 139 0056 0003,,1963年闰四月初一,Normal,Event
F-0004,Lena Voss,+86 139 ABCD 0004,,,Normal,Event
F-0005,方可心,+86 139 0056 0005,1991-02-29,,Normal,Event
F-0006,Omar Haddad,+86 139 0056 0006,,,Emperor,Event
"""


def tend_members(env, users):
    """Do each once, so that no list of it is empty. Return what was done, as text."""
    # Name and birthday are what tells two entries of one person.
    domain = [("is_member", "=", True), ("birthdate_date", "!=", False)]
    members = env["res.partner"].search(domain, order="id", limit=50)
    for number, member in enumerate(members[ENTERED_TWICE]):
        _enter_again(member, number)
    _merge_and_keep(members[MERGED], users["manager"])
    members[MOVED_UP].with_user(users["manager"]).retail_class_id = env.ref("retail_crm.class_vip")
    run = _import_members(env, users["admin"])
    pairs = env["retail.member.duplicate"].search_count([])
    return f"{pairs} likely duplicates, {run.done_count} imported, {run.error_count} rows refused"


def _enter_again(member, number):
    """Create the member once more, as another store would: same name, another phone."""
    return member.create(
        {
            "name": member.name,
            "is_member": True,
            "phone": invent.phone(NEWCOMERS + number),
            "birthdate_date": member.birthdate_date,
            "retail_preference": invent.pick("again", number, invent.PREFERENCES),
        }
    )


def _merge_and_keep(member, user):
    """Merge a second entry of the member; it can be made again from its snapshot."""
    member.with_user(user)._retail_merge(_enter_again(member, MERGED).with_user(user))


def _import_members(env, user):
    run = (
        env["retail.import.run"]
        .with_user(user)
        .create(
            {
                "profile_id": env.ref("retail_crm.import_profile_member").id,
                "file": base64.b64encode(FILE.encode()),
                "file_name": FILE_NAME,
            }
        )
    )
    run._run_now()
    run.invalidate_recordset()  # the counts were written by SQL
    if (run.done_count, run.error_count) != (3, 3):
        raise RuntimeError(f"{FILE_NAME}: {run.done_count} rows came in. {run.message or ''}")
    return run
