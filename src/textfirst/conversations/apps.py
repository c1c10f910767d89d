from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "textfirst.conversations"
    label = "conversations"
