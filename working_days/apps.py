from django.apps import AppConfig


class WorkingDaysConfig(AppConfig):
    name = "working_days"
