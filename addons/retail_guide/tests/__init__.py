from . import test_js
from . import test_learning
from . import test_log
from . import test_profile
from . import test_recommend
from . import test_recommend_kinds
from . import test_tour
