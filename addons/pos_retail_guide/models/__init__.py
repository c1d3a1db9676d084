from . import pos_config
from . import pos_order
from . import retail_recommendation_log
