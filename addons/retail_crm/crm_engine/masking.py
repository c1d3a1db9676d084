"""How contact data looks to who may not see it: enough to recognise, too little to use."""

import re

MASK = "***"  # what every masked value contains, so that none is ever taken for a true one
_ADDRESS = re.compile(r"[^\s<>\"',;:()]+@[^\s<>\"',;:()]+")


def mask_phone(value: str) -> str:
    """Keep the first three and the last four digits: 138****1234; of a short number, less.

    A country code (+86) is kept in front, since it tells nothing about the person.
    """
    digits = "".join(char for char in value if char.isdigit())
    country = ""
    if value.lstrip().startswith("+") and len(digits) > 11:
        country, digits = "+" + digits[:-11] + " ", digits[-11:]
    if len(digits) >= 10:
        return f"{country}{digits[:3]}****{digits[-4:]}"
    return f"{country}****{digits[-2:]}" if len(digits) >= 6 else "****"


def mask_email(value: str) -> str:
    """Keep the first letter and the domain: j***@x.com; names beside an address stay."""
    masked = _ADDRESS.sub(lambda found: _mask_address(found.group()), value)
    return masked if MASK in masked else mask_text(value)


def _mask_address(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{MASK}@{domain}"


def mask_text(value: str) -> str:
    """Keep the first two characters of an address line or a number: 南京***."""
    return f"{value[:2]}{MASK}" if len(value) > 4 else MASK


def is_masked(value: object) -> bool:
    """Tell whether a value was masked, so that it is never stored as the true one."""
    return isinstance(value, str) and MASK in value


MASKS = {"phone": mask_phone, "email": mask_email, "text": mask_text}
