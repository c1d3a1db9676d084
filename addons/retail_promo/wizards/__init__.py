from . import retail_promotion_why
from . import retail_promotion_why_line
