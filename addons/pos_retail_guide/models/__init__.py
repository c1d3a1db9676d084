from . import pos_config
from . import pos_order
from . import product_template
from . import retail_recommendation_log
