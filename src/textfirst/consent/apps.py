from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "textfirst.consent"
    label = "consent"
