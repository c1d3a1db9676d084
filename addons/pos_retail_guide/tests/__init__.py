from . import test_js
from . import test_product_search
from . import test_scorer
from . import test_till_data
from . import test_till_order
from . import test_tour
