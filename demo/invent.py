"""What an anonymous set can't tell: plausible names, phones, places; always the same ones."""

import zlib
from datetime import date, timedelta

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡"
GIVEN = {
    "female": "秀英 丽娟 雅婷 慧敏 晓燕 静怡 佳欣 玉兰 春梅 思颖 梦洁 欣怡 美玲 红霞 婉清 芳",
    "male": "建国 志强 伟 俊杰 浩然 明辉 文博 子轩 国华 海涛 宇航 嘉豪 永康 家乐 鹏飞 立新 磊",
}
FIRST_NAMES = {
    "female": "Grace Emma Olivia Hannah Chloe Sophie Laura Nina Julia Alice Megan Ruth Clara Diana",
    "male": "Oliver Henry Daniel Lucas Martin Thomas Peter Simon Victor Adam Felix Robert Leo Ivan",
}
LAST_NAMES = (
    "Miller Baker Turner Hughes Parker Collins Bennett Foster Graham Harvey Jennings Keller "
    "Lawson Mercer Norris Palmer Quinn Reeves Sutton Walsh"
)
STREETS = (
    "Hengshan Road", "Huaihai Middle Road", "Fuxing Road", "Yuyuan Road", "Changning Road",
    "Wuning Road", "Zhangyang Road", "Century Avenue", "Siping Road", "Daning Road",
    "Longhua Road", "Caobao Road",
)  # fmt: skip
SYLLABLES = ("ka", "lo", "mi", "ren", "ta", "vo", "su", "bel", "dor", "fin", "gar", "hal")
ENDINGS = ("ra", "co", "vale", "mont", "field", "well", "na", "tis")
STORES = (
    ("S01", "Xuhui Store", "Shanghai West", "288 Hengshan Road", "200030", 31.20, 121.44),
    ("S02", "Jing'an Store", "Shanghai West", "1601 Beijing West Road", "200040", 31.22, 121.45),
    ("S03", "Pudong Store", "Shanghai East", "500 Zhangyang Road", "200122", 31.23, 121.52),
    ("S04", "Hongkou Store", "Shanghai North", "388 Siping Road", "200086", 31.26, 121.49),
)
POSTAL_CODES = ("200030", "200040", "200122", "200086")
SOURCES = ("Store", "Store", "Store", "Friend", "Online", "Event")
PREFERENCES = (
    "Likes fresh fruit, asks for what is in season.",
    "Buys organic milk and bread every week.",
    "Comes with the children on Saturdays; likes to taste.",
    "Minds the price: tell about promotions first.",
    "Prefers small packages.",
    "Cooks for guests on Sundays: fish and good meat.",
)
SPECIAL_NEEDS = (
    "Allergic to nuts.",
    "Comes by wheelchair: please bring things to the counter.",
    "Delivery after 18:00 only.",
    "Lactose intolerant.",
)
NETWORKS = ("weibo", "douyin", "xiaohongshu", "qq")
NO_BIRTHDAY_SHARE = 8  # percent of members who keep it to themselves
LEAP_DAY_SHARE = 2  # percent born on 29 February, so that care is seen to cope


def number(topic: str, *keys: int) -> int:
    """Return an arbitrary but fixed integer >= 0 for a topic and keys."""
    return zlib.crc32(f"{topic}:{':'.join(map(str, keys))}".encode())


def pick(topic: str, key: int, values):
    """Return one of the values, always the same for a topic and key."""
    return values[number(topic, key) % len(values)]


def gender(member: int) -> str:
    return "female" if number("gender", member) % 100 < 58 else "male"


def person_name(member: int) -> str:
    """Return a Chinese name for three members of five, else an English one."""
    sex = gender(member)
    if number("language", member) % 5 < 3:
        return pick("surname", member, SURNAMES) + pick("given", member, GIVEN[sex].split())
    first = pick("first", member, FIRST_NAMES[sex].split())
    return f"{first} {pick('last', member, LAST_NAMES.split())}"


def phone(member: int) -> str:
    """Return a mobile number; 7919 is coprime to 10**8, so that no two members share one."""
    digits = f"{(member * 7919 + 12_345_678) % 10**8:08d}"
    return f"+86 138 {digits[:4]} {digits[4:]}"


def birthday(member: int) -> date | None:
    """Return a birthday between 1945 and 2004, or None."""
    share = number("birthday", member) % 100
    if share < NO_BIRTHDAY_SHARE:
        return None
    if share < NO_BIRTHDAY_SHARE + LEAP_DAY_SHARE:
        return date(1948 + 4 * (number("leap", member) % 14), 2, 29)
    return date(1945, 1, 1) + timedelta(days=number("born", member) % (59 * 365))


def lunar_birthday(member: int) -> str | None:
    """Return month and day of the lunar calendar, by which one member of six keeps it."""
    if number("lunar", member) % 6:
        return None
    return f"{number('month', member) % 12 + 1}-{number('day', member) % 30 + 1}"


def preference(member: int) -> str | None:
    """Return what one member of three likes."""
    return pick("preference", member, PREFERENCES) if number("likes", member) % 3 == 0 else None


def special_need(member: int) -> str | None:
    """Return what must be minded with one member of ten."""
    return pick("need", member, SPECIAL_NEEDS) if number("needs", member) % 10 == 0 else None


def street(member: int) -> str:
    return f"{number('house', member) % 900 + 1} {pick('street', member, STREETS)}"


def brand_name(manufacturer: int, private: bool) -> str:
    """Return a made-up brand; the shop's own brand for private labels."""
    if private:
        return "Daogou Select"
    seed = number("brand", manufacturer)
    middle = SYLLABLES[seed // 12 % 12] if seed % 3 else ""
    return (SYLLABLES[seed % 12] + middle + ENDINGS[seed // 144 % 8]).capitalize()


def barcode(product: int) -> str:
    """Return an EAN-13 of the range for use inside a shop (20-29), check digit included."""
    body = f"299{product:09d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"
