from . import test_chat_request
from . import test_chat_rights
