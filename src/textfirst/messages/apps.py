from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "textfirst.messages"
    label = "messaging"
