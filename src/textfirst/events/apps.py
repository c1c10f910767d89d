from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "textfirst.events"
    label = "events"
