"""What the database itself refuses, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from letters.models import Letter, LetterState
from letters.tests.test_services import approved, issued

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"html": "<p>Other words</p>"},
        {"sha256": "0" * 64},
        {"path": "elsewhere"},
        {"facts": {}},
        {"dated": "2026-06-02"},
        {"state": LetterState.DRAFT},
        {"replaces_reason": "x"},
        {"failure": ""},
    ],
)
def test_an_issued_letter_cannot_be_changed(case, officer, change):
    letter = issued(case, officer)
    with pytest.raises(IntegrityError, match="kept as it is"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)


def test_an_issued_letter_cannot_be_removed(case, officer):
    letter = issued(case, officer)
    with pytest.raises(IntegrityError, match="kept as it is"), transaction.atomic():
        letter.delete()
    with (
        pytest.raises(IntegrityError, match="kept as it is"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM letters_letter")


def test_an_approved_letter_cannot_be_removed(case, officer):
    letter = approved(case, officer)
    with pytest.raises(IntegrityError, match="Only a draft"), transaction.atomic():
        letter.delete()


def test_what_an_approved_letter_says_stands_still(case, officer):
    letter = approved(case, officer)
    letter.facts["local_area"] = "Elsewhere"
    with pytest.raises(IntegrityError, match="stands still"), transaction.atomic():
        letter.save()


def test_a_letter_keeps_its_reference(case, officer):
    letter = approved(case, officer)
    with pytest.raises(IntegrityError, match="case, code and reference"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(reference="Other")


def _second(case, letter, **fields):
    Letter.objects.create(
        case=case, code=letter.code, created_at=letter.created_at, reference="x", **fields
    )


def test_one_letter_per_occasion(case, officer):
    letter = approved(case, officer)
    with pytest.raises(IntegrityError, match="letter_once_per_occasion"), transaction.atomic():
        _second(case, letter)


def test_one_correction_per_letter(case, officer):
    letter = issued(case, officer)
    _second(case, letter, number=2, replaces=letter, replaces_reason="One")
    with pytest.raises(IntegrityError, match="replaces_id"), transaction.atomic():
        Letter.objects.create(
            case=case,
            code=letter.code,
            created_at=letter.created_at,
            reference="y",
            number=3,
            replaces=letter,
            replaces_reason="Two",
        )


def test_a_correction_says_why(case, officer):
    letter = issued(case, officer)
    with pytest.raises(IntegrityError, match="names_what_it_replaces"), transaction.atomic():
        _second(case, letter, number=2, replaces=letter)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": LetterState.APPROVED}, "letter_facts_frozen_with_approval"),
        ({"sha256": "0" * 64}, "letter_issued_has_its_file"),
        ({"failure": "x"}, "letter_failure_has_a_reason"),
    ],
)
def test_states_have_what_belongs_to_them(case, officer, fields, constraint):
    letter = approved(case, officer)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        _second(case, letter, key="other", **fields)
