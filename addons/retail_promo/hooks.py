def post_init_hook(env):
    """Give every company that is already there its default promotion group."""
    env["res.company"].sudo().search([])._retail_promo_default_group()


def uninstall_hook(env):
    """Archive the products of promotions: documents keep them, nobody sells them."""
    promotions = env["retail.promotion"].sudo().with_context(active_test=False).search([])
    promotions.discount_product_id.action_archive()
