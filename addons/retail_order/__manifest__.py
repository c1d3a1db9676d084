{
    "name": "Retail Order Desk",
    "summary": "Orders of several sources in one form: file intake, row report, no doubles",
    "version": "19.0.1.0.0",
    "category": "Sales/Retail",
    "author": "Daogou",
    "license": "AGPL-3",
    "depends": ["retail_crm", "sale_exception", "sale_cancel_reason"],
    "data": [
        "security/ir.model.access.csv",
        "security/retail_order_rules.xml",
        "views/retail_order_source_views.xml",
        "views/retail_import_run_views.xml",
        "views/sale_order_views.xml",
        "views/retail_order_menus.xml",
    ],
    "application": False,
}
