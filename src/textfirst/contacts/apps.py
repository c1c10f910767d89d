from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "textfirst.contacts"
    label = "contacts"
