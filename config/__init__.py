"""Settings, clock, addresses and Celery: what every room stands on, knowing none of them."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
