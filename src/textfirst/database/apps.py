from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "textfirst.database"
    label = "database"
