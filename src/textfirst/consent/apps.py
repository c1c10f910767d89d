from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "textfirst.consent"
    label = "consent"

    def ready(self) -> None:
        from textfirst.consent.actions.imports import follow_import
        from textfirst.contacts.registry import import_followers

        import_followers.append(follow_import)
