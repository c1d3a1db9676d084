from datetime import timedelta

from .common_service import ServiceCase


class CareCase(ServiceCase):
    """Members who may be reached by every way, and a strategy that calls the silent ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._phones = 0
        cls.silent = cls._member("Silent Sam", guide=cls.guide)
        cls._bought(cls.silent, 90)
        cls.recent = cls._member("Recent Rita", guide=cls.guide)
        cls._bought(cls.recent, 90)
        cls._bought(cls.recent, 10)
        cls.strategy = cls._strategy()

    @classmethod
    def _member(cls, name, store=None, guide=None, **values):
        cls._phones += 1
        return super()._member(
            name,
            store,
            guide,
            **{
                "phone": f"+88691234{cls._phones:04}",
                "retail_consent_mail": True,
                "retail_consent_sms": True,
                "retail_consent_phone": True,
                "lang": "en_US",
                **values,
            },
        )

    @classmethod
    def _strategy(cls, plan=None, **values):
        """Return a strategy; plan: values of its lines, one call by default."""
        lines = plan or [{"form": "call", "script": "<p>How was the tea?</p>"}]
        return cls.env["retail.care.strategy"].create(
            {
                "name": "Silent for 60 days",
                "days": 60,
                "user_id": cls.head.id,
                "company_id": cls.company.id,
                "plan_ids": [(0, 0, line) for line in lines],
                **values,
            }
        )

    @classmethod
    def _mail_plan(cls, **values):
        template = cls.env.ref("retail_crm.care_mail_come_back")
        return {
            "form": "mail",
            "mail_template_id": template.id,
            "from_hour": 0,
            "to_hour": 24,
            **values,
        }

    @classmethod
    def _sms_plan(cls, **values):
        template = cls.env.ref("retail_crm.care_sms_festival")
        return {
            "form": "sms",
            "sms_template_id": template.id,
            "from_hour": 0,
            "to_hour": 24,
            **values,
        }

    def _tasks(self, strategy=None):
        return (strategy or self.strategy).task_ids.sorted("id")

    def _held(self, strategy=None):
        """Return {member: reason}."""
        domain = [("strategy_id", "=", (strategy or self.strategy).id)]
        held = self.env["retail.care.held"].search(domain)
        return {line.partner_id: line.reason for line in held}

    def _generate(self, strategy=None, days=0):
        return (strategy or self.strategy)._generate(self.TODAY + timedelta(days=days))
