from . import portal
from . import receipt
from . import session
