from . import test_learning
from . import test_log
from . import test_recommend
