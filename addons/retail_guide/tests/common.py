from datetime import date, datetime, timedelta

from odoo.tests import TransactionCase, new_test_user

TODAY = date(2026, 3, 31)


class GuideCase(TransactionCase):
    """A store with bread, butter, jam, tea and milk in stock, and what was sold there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env["res.company"].create({"name": "Guide Test Shop"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.store = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])
        cls.store.is_store = True
        cls.products = {
            name: cls._product(name) for name in ("bread", "butter", "jam", "tea", "milk")
        }
        for product in cls.products.values():
            cls._stock(product, 10)
        cls.member = cls._member("Mei")
        cls.receipts = 0

    @classmethod
    def _product(cls, name, **values):
        return cls.env["product.product"].create(
            {"name": name, "is_storable": True, "list_price": 2.0, **values}
        )

    @classmethod
    def _stock(cls, product, quantity, store=None):
        cls.env["stock.quant"]._update_available_quantity(
            product, (store or cls.store).lot_stock_id, quantity
        )

    @classmethod
    def _member(cls, name, **values):
        email = f"{name.replace(' ', '.')}@example.com".lower().replace("'", "")
        return cls.env["res.partner"].create(
            {"name": name, "email": email, "is_member": True, **values}
        )

    @classmethod
    def _user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            **values,
        )

    @classmethod
    def _sold(cls, names, days_ago=0, partner=None, store=None, event="sold", times=1):
        """File ``times`` baskets that hold the named products."""
        sign = 1 if event == "sold" else -1
        rows = []
        for _time in range(times):
            cls.receipts += 1
            store = store or cls.store
            day = TODAY - timedelta(days=days_ago)
            for name in names:
                product = cls.products[name] if isinstance(name, str) else name
                rows.append(
                    {
                        "source_model": "test",
                        "source_line": f"{cls.receipts}/{product.id}",
                        "event": event,
                        "basket": f"test,{cls.receipts}",
                        "document": f"R{cls.receipts}",
                        "sold_at": datetime.combine(day, datetime.min.time()),
                        "day": day,
                        "company_id": store.company_id.id,
                        "store_id": store.id,
                        "partner_id": partner.id if partner else None,
                        "product_id": product.id,
                        "qty": sign,
                        "price_subtotal": 2.0 * sign,
                        "price_total": 2.0 * sign,
                        "currency_id": store.company_id.currency_id.id,
                        "amount_company": 2.0 * sign,
                        "total_company": 2.0 * sign,
                    }
                )
        cls.env["retail.sale.fact"]._upsert(rows)

    @classmethod
    def _learn(cls, company=None, full=False):
        model = cls.env["retail.recommendation.model"]._of_company(company or cls.company)
        model.holdout_percent = 0
        model._learn(full=full)
        return model

    def _recommend(self, user=None, **values):
        """Return {product name: item} of the call, in its order, for the store."""
        products = self.env["product.product"].with_user(user or self.env.user)
        values.setdefault("store_id", self.store.id)
        found = products.retail_recommend(**values)
        return {self.env["product.product"].browse(item["product_id"]).name: item for item in found}
