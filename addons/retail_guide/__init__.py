from . import models
from . import report


def uninstall_hook(env):
    """Take what was learned along: attachments outlive the model they belong to."""
    env["ir.attachment"].search([("res_model", "=", "retail.recommendation.model")]).unlink()
