from . import retail_guide_log
from . import retail_recommendation_report
