from . import base_partner_merge
from . import retail_promotion_why
from . import retail_promotion_why_line
