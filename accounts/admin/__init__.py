"""People, their roles and the record of what administrators did, in Django admin."""

from accounts.admin import memberships, people
from accounts.administration import log

__all__ = ["log", "memberships", "people"]
