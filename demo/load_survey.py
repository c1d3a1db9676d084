"""A satisfaction survey of the demo shop: members drawn at random, answers entered by phone."""

from . import invent

ASKED = 24
ANSWERED = 16
SEED = 20
QUESTIONS = ("consult", "product", "speed", "after_sales", "buying", "system", "recommend")
# What customers said on the pages of their receipts: one is annoyed, one complains.
OPINIONS = (
    {"kind": "opinion", "product": "5", "service": "5", "experience": "4"},
    {"kind": "opinion", "product": "4", "words": "A fine tea."},
    {"kind": "opinion", "service": "2", "words": "Only one till was open."},
    {"kind": "complaint", "words": "The box was open when I came home."},
)
WORDS = ("More tills at noon, please.", "", "All is well.", "")


def ask_members(service):
    """Ask members by phone, as the service user; enter what most of them say. Return the round."""
    env = service.env(user=service)
    survey_round = env["retail.survey.round"].create(
        {
            "name": "Satisfaction by phone",
            "sample_size": ASKED,
            "seed": SEED,
            "way": "phone",
            "bought_days": 365,
        }
    )
    survey_round.action_ask()
    for number, asked in enumerate(survey_round.asked_ids[:ANSWERED]):
        _answer(asked, number)
    return survey_round


def _answer(asked, number):
    """Fill in the member's form as the interviewer does by the link."""
    form = asked.sudo().input_id
    for name in QUESTIONS:
        # Most are content; the last one who answers had bad luck with the goods.
        value = 7 + invent.number(f"satisfaction {name}", number) % 4
        if number == ANSWERED - 1 and name == "product":
            value = 1
        form._save_lines(form.env.ref(f"retail_crm.survey_satisfaction_{name}"), value)
    words = WORDS[number % len(WORDS)]
    form._save_lines(form.env.ref("retail_crm.survey_satisfaction_words"), words)
    form._mark_done()


def rate_receipts(env, receipts):
    """Say on the pages of some receipts what customers think, as they do. Return the rows."""
    opinions = env["retail.receipt.opinion"].sudo()
    for receipt, values in zip(receipts.sorted("id"), OPINIONS, strict=False):
        token = receipt.retail_receipt_token
        opinions |= opinions._submit(opinions._receipt(token), token, "demo", values)
    return opinions
