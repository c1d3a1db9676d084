from . import retail_promotion_reconciliation
from . import retail_promotion_effect
from . import retail_play_cost
