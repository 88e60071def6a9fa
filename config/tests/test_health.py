"""Liveness and readiness."""

import pytest

pytestmark = pytest.mark.urls("config.tests.views")


def test_alive_without_a_database(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response["X-Request-Reference"]


@pytest.mark.django_db
def test_ready_says_each_part(client):
    response = client.get("/readyz")
    assert response.json() == {"ready": True, "database": "ok", "redis": "ok", "migrations": "ok"}
