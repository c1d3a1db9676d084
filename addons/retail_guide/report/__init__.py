from . import retail_recommendation_report
