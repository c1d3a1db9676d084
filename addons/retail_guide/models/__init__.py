from . import product_product
from . import res_partner
from . import retail_recommendation_log
from . import retail_recommendation_model
from . import retail_recommendation_neighbour
from . import retail_recommendation_popularity
from . import retail_recommendation_refusal
from . import sale_order
