from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "textfirst.decisions"
    label = "decisions"
