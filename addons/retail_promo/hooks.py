def post_init_hook(env):
    """Give every company that is already there its default promotion group."""
    env["res.company"].sudo().search([])._retail_promo_default_group()
