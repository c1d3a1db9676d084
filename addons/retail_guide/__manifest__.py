{
    "name": "Retail Shopping Guide",
    "summary": "Recommends products with a reason, learned from what was really sold",
    "version": "19.0.1.0.0",
    "category": "Sales/Retail",
    "author": "Daogou",
    "license": "AGPL-3",
    "depends": ["retail_crm", "product_brand"],
    "external_dependencies": {"python": ["numpy", "scipy"]},
    "data": [
        "security/ir.model.access.csv",
        "security/retail_guide_rules.xml",
        "data/ir_cron_data.xml",
        "views/retail_recommendation_model_views.xml",
        "views/retail_recommendation_neighbour_views.xml",
        "views/retail_recommendation_refusal_views.xml",
        "views/retail_recommendation_log_views.xml",
        "report/retail_recommendation_report_views.xml",
        "report/retail_guide_log_views.xml",
        "views/product_recommendation_views.xml",
        "views/sale_order_views.xml",
        "views/res_partner_views.xml",
        "views/retail_guide_menus.xml",
        "views/retail_demand_forecast_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_backend": [
            "retail_guide/static/src/recommendation_panel/*",
        ],
        "web.assets_tests": [
            "retail_guide/static/tests/tours/*.js",
        ],
        "web.assets_unit_tests": [
            "retail_guide/static/tests/*.test.js",
        ],
    },
}
