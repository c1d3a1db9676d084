from . import base_partner_merge
from . import retail_promotion_why
from . import retail_promotion_why_line
from . import retail_coupon_issue
from . import sale_loyalty_coupon_wizard
from . import retail_lottery_hand_out
from . import retail_play_wizard
