from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "textfirst.channels"
    label = "channels"
