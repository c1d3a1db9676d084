import logging
import os

from odoo import api, models
from odoo.exceptions import UserError

from ..crm_engine.key_ring import KeyRing, NoKey, WrongKey

_logger = logging.getLogger(__name__)

VARIABLE = "DAOGOU_KEY"
# A word encrypted with the key of the first use: tells a wrong key before it does harm.
CHECK_PARAMETER = "retail_crm.key_check"
CHECK_WORD = "daogou"


class RetailKeyRing(models.AbstractModel):
    """Where the keys come from: the environment, never the database or the checkout."""

    _name = "retail.key.ring"
    _description = "Encryption Keys"

    @api.model
    def _ring(self):
        """Return the ring of keys, or None when there is none that could be used."""
        try:
            return KeyRing(os.environ.get(VARIABLE, ""))
        except NoKey:
            return None

    @api.model
    def _ring_to_write(self):
        """Return the ring that may encrypt: refuse a key that can't read what is there."""
        ring = self._ring()
        if not ring:
            raise UserError(
                self.env._(
                    "Nothing can be encrypted: the server has no usable key. Set the"
                    " environment variable %(variable)s (see docs/operations.md) and restart it.",
                    variable=VARIABLE,
                )
            )
        # Users don't read the parameters of the system.
        parameters = self.env["ir.config_parameter"].sudo()
        check = parameters.get_param(CHECK_PARAMETER)
        if not check:
            parameters.set_param(CHECK_PARAMETER, ring.encrypt(CHECK_WORD))
        elif self._decrypt(ring, check) != CHECK_WORD:
            raise UserError(
                self.env._(
                    "The key in %(variable)s is not the one that encrypted the data. Put the"
                    " right key back, on a line of its own behind a new one, and restart the"
                    " server; nothing was changed.",
                    variable=VARIABLE,
                )
            )
        return ring

    @api.model
    def _decrypt(self, ring, cipher):
        """Return the value, or None when no key of the ring fits."""
        try:
            return ring.decrypt(cipher) if ring else None
        except WrongKey:
            return None

    @api.model
    def _renew_check(self, ring):
        """Let the first key be the one that the next start asks for."""
        # The parameters are the system's.
        self.env["ir.config_parameter"].sudo().set_param(CHECK_PARAMETER, ring.encrypt(CHECK_WORD))

    def _register_hook(self):
        """Say at the start when the key doesn't fit the data, before a user finds out."""
        super()._register_hook()
        check = self.env["ir.config_parameter"].sudo().get_param(CHECK_PARAMETER)
        if check and self._decrypt(self._ring(), check) != CHECK_WORD:
            _logger.error(
                "The encryption key in %s is missing or wrong: second phones, WeChat and ID"
                " numbers of members can't be read or changed until the right key is back."
                " Nothing is lost.",
                VARIABLE,
            )
