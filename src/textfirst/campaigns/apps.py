from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "textfirst.campaigns"
    label = "campaigns"
