from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "textfirst.accounts"
    label = "accounts"
