from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "textfirst.messages"
    label = "messaging"

    def ready(self) -> None:
        from textfirst.contacts.registry import change_followers
        from textfirst.messages.actions.waiting import ask_again_of

        change_followers.append(ask_again_of)
