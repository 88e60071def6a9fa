import datetime

import pytest

from casework.chain import verify_chain
from casework.models import Case, Deadline, Event
from casework.recording import (
    Conflict,
    GuardFailed,
    NotAllowed,
    correct,
    create_case,
    record,
    void,
)
from casework.tests.rehearsal import (
    COUNCIL,
    HEALTH,
    Commented,
    Done,
    Drafted,
    Fixed,
    Published,
    Seen,
    Told,
    make_person,
)

pytestmark = pytest.mark.django_db
D = datetime.date

FIX = Fixed(first_day=D(2026, 6, 8), last_day=D(2026, 6, 12))


def deadline(case, rule, subject=""):
    return Deadline.objects.get(case=case, rule=rule, subject=subject)


def test_a_new_case_has_its_first_event_a_reference_and_its_first_stage(case, officer):
    assert case.stage == "planned"
    assert case.reference == "RH-2026-0001"
    assert case.version == 1
    assert [(e.seq, e.kind, e.recorded_by) for e in case.events.all()] == [(1, "opened", officer)]


def test_references_count_on(case, area, officer):
    assert create_case("rehearsal", local_area=area, by=officer).reference == "RH-2026-0002"


def test_the_same_opening_key_gives_the_same_case(area, officer, monday):
    first = create_case("rehearsal", local_area=area, by=officer, key="plan-7")
    assert create_case("rehearsal", local_area=area, by=officer, key="plan-7") == first
    assert Case.objects.count() == 1


def test_recording_moves_the_stage_and_makes_deadlines(case, officer):
    event = record(case.pk, FIX, by=officer)
    case.refresh_from_db()
    assert (case.stage, case.version) == ("fixed", 2)
    assert (case.first_day, case.last_day) == (D(2026, 6, 8), D(2026, 6, 12))
    assert case.head_hash == event.hash
    tell = deadline(case, "T-TELL")
    assert (tell.due_on, tell.state, tell.counted_from_event) == (
        D(2026, 6, 1),
        "open",
        "first_day",
    )
    assert deadline(case, "T-DRAFT").state == "forecast"
    # 33 working days after Friday 12 June.
    assert deadline(case, "T-PUBLISH").due_on == D(2026, 7, 29)


def test_the_event_that_meets_a_deadline_settles_it(case, officer):
    record(case.pk, FIX, by=officer)
    told = record(case.pk, Told(taken_by="Dan"), by=officer)
    tell = deadline(case, "T-TELL")
    assert (tell.state, tell.met_on, tell.met_event, tell.settled) == (
        "met",
        D(2026, 6, 1),
        told,
        True,
    )


def test_met_after_its_day_is_met_late(case, officer, monday):
    record(case.pk, FIX, by=officer)
    monday.shift(datetime.timedelta(days=1))
    record(case.pk, Told(taken_by="Dan"), by=officer)
    assert deadline(case, "T-TELL").state == "met_late"


def test_a_settled_deadline_does_not_move_when_dates_change(case, officer, monday):
    to_feedback(case, officer, monday)
    before = deadline(case, "T-TELL")
    later = Fixed(first_day=D(2026, 6, 9), last_day=D(2026, 6, 15))
    fixed = case.events.get(kind="fixed")
    # A correction of what it counts from is another matter: then the record was wrong.
    correct(fixed.pk, later, by=officer, reason="Slip of the pen")
    after = deadline(case, "T-TELL")
    assert before.due_on == D(2026, 6, 1)
    assert after.due_on == D(2026, 6, 2)


def to_feedback(case, officer, monday):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    monday.move_to(datetime.datetime(2026, 6, 12, 15, 0, tzinfo=datetime.UTC))
    record(case.pk, Seen(), by=officer)


def test_one_deadline_for_each_body_and_one_answer_closes_only_its_own(case, officer, monday):
    to_feedback(case, officer, monday)
    monday.shift(datetime.timedelta(days=7))
    record(case.pk, Drafted(pages=12), by=officer)
    monday.shift(datetime.timedelta(days=3))
    record(case.pk, Commented(subject=HEALTH.key), by=officer)
    assert deadline(case, "T-FACTS", HEALTH.key).state == "met"
    council = deadline(case, "T-FACTS", COUNCIL.key)
    assert (council.state, council.subject_name) == ("open", "Council")
    # Ten working days after Friday 19 June.
    assert council.due_on == D(2026, 7, 3)


def test_what_may_not_be_recorded_at_a_stage_is_refused_with_the_reason(case, officer):
    with pytest.raises(GuardFailed) as refused:
        record(case.pk, Seen(), by=officer)
    assert refused.value.reasons == [
        (
            "",
            "“Feedback given” cannot be recorded at the stage “Planned”. It belongs to: Told.",
        )
    ]
    case.refresh_from_db()
    assert case.version == 1
    assert case.events.count() == 1


def test_every_guard_that_fails_is_named_with_its_field(case, officer, monday):
    record(case.pk, FIX, by=officer)
    monday.move_to(datetime.datetime(2026, 6, 8, 9, 0, tzinfo=datetime.UTC))
    with pytest.raises(GuardFailed) as refused:
        record(case.pk, Told(), by=officer)
    assert refused.value.reasons == [
        ("happened_on", "The area must be told before the first day."),
        ("taken_by", "Say who took the call."),
    ]


def test_the_future_is_refused(case, officer):
    with pytest.raises(GuardFailed) as refused:
        record(case.pk, FIX, by=officer, happened_on=D(2026, 6, 2))
    assert refused.value.reasons == [
        ("happened_on", "The date it happened must be today or in the past.")
    ]


@pytest.mark.parametrize("day", [D(1, 1, 1), D(2011, 12, 31)])
def test_a_day_before_the_calendar_is_refused(case, officer, day):
    with pytest.raises(GuardFailed, match="on or after"):
        record(case.pk, FIX, by=officer, happened_on=day)


def test_a_first_day_past_the_calendar_is_refused_beside_its_field(case, officer):
    far = Fixed(first_day=D(9999, 12, 30), last_day=D(9999, 12, 31))
    with pytest.raises(GuardFailed) as refused:
        record(case.pk, far, by=officer)
    assert {field for field, _ in refused.value.reasons} == {"first_day", "last_day"}


def test_recording_late_what_happened_earlier_is_normal(case, officer, monday):
    record(case.pk, FIX, by=officer)
    monday.move_to(datetime.datetime(2026, 6, 20, 9, 0, tzinfo=datetime.UTC))
    told = record(case.pk, Told(taken_by="Dan"), by=officer, happened_on=D(2026, 6, 1))
    assert (told.happened_on, told.happened_at) == (D(2026, 6, 1), None)
    assert deadline(case, "T-TELL").state == "met"


def test_the_same_request_twice_is_one_event(case, officer):
    first = record(case.pk, FIX, by=officer, key="form-1")
    again = record(case.pk, FIX, by=officer, key="form-1", expected_version=1)
    assert again == first
    assert case.events.filter(kind="fixed").count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"facts": Fixed(first_day=D(2026, 6, 9), last_day=D(2026, 6, 12))},
        {"note": "Another note"},
        {"happened_on": D(2026, 5, 29)},
        {"facts": Done()},
    ],
)
def test_the_same_request_with_other_content_is_refused(case, officer, other):
    asked = {
        "facts": FIX,
        "by": officer,
        "key": "form-1",
        "note": "A",
        "happened_on": case.created_at.date(),
    }
    first = record(case.pk, **asked)
    assert record(case.pk, **asked) == first
    with pytest.raises(GuardFailed, match="on record as entry 2"):
        record(case.pk, **{**asked, **other})
    assert case.events.count() == 2


def test_the_same_correction_twice_is_one_and_another_is_refused(case, officer, monday):
    fixed = record(case.pk, FIX, by=officer)
    asked = {"by": officer, "reason": "Slip", "key": "form-2"}
    later = Fixed(first_day=D(2026, 6, 9), last_day=D(2026, 6, 12))
    first = correct(fixed.pk, later, **asked)
    monday.shift(datetime.timedelta(minutes=5))
    assert correct(fixed.pk, later, **asked) == first
    with pytest.raises(GuardFailed, match="on record as entry 3"):
        correct(fixed.pk, FIX, **asked)


def test_the_same_request_without_a_day_is_the_same_later_on(case, officer, monday):
    first = record(case.pk, FIX, by=officer, key="form-1")
    monday.shift(datetime.timedelta(hours=30))
    assert record(case.pk, FIX, by=officer, key="form-1") == first


def test_the_same_thing_twice_is_refused_and_names_the_entry(case, officer):
    record(case.pk, FIX, by=officer)
    record(case.pk, Told(taken_by="Dan"), by=officer)
    with pytest.raises(GuardFailed, match=r"already on record for Monday 1 June 2026 \(entry 3\)"):
        record(case.pk, Told(taken_by="Dan"), by=officer)


def test_of_several_reasons_the_one_that_settles_it_is_given(case, officer, monday):
    to_feedback(case, officer, monday)
    # On record, at a later stage, too late and without who took the call.
    with pytest.raises(GuardFailed) as refused:
        record(case.pk, Told(), by=officer)
    [(field, text)] = refused.value.reasons
    assert (field, "already on record" in text) == ("", True)
    # At an earlier stage, and nothing is said of what it would say.
    void(case.events.get(kind="feedback_given").pk, by=officer, reason="Slip")
    void(case.events.get(kind="notified").pk, by=officer, reason="Slip")
    with pytest.raises(GuardFailed) as refused:
        record(case.pk, Drafted(), by=officer)
    [(field, text)] = refused.value.reasons
    assert "cannot be recorded at the stage “Dates fixed”" in text


def test_a_stale_version_says_who_did_what_meanwhile(case, officer):
    other = make_person("Bela Other", role="support_officer")
    record(case.pk, FIX, by=other)
    with pytest.raises(Conflict) as conflict:
        record(case.pk, FIX, by=officer, expected_version=1)
    [meanwhile] = conflict.value.meanwhile
    assert (meanwhile.who, meanwhile.what) == ("Bela Other", "Dates fixed")
    assert meanwhile.when == "09:00 on Monday 1 June 2026"


def test_a_role_that_may_not_is_refused_with_the_reason(case):
    director = make_person("Rita", role="regional_director")
    with pytest.raises(NotAllowed, match="is recorded by the support officer or the lead HMI"):
        record(case.pk, FIX, by=director)


def test_a_case_cannot_be_opened_by_just_anybody(area, monday):
    with pytest.raises(NotAllowed, match="opened by the support officer"):
        create_case("rehearsal", local_area=area, by=make_person("Dora", role="dcs", area=area))


def test_a_correction_stands_in_the_place_of_what_it_corrects(case, officer, monday):
    to_feedback(case, officer, monday)
    fixed = case.events.get(kind="fixed")
    event = correct(
        fixed.pk,
        Fixed(first_day=D(2026, 6, 8), last_day=D(2026, 6, 11)),
        by=officer,
        reason="It ended on Thursday",
    )
    case.refresh_from_db()
    assert (event.corrects, case.last_day, case.stage) == (fixed, D(2026, 6, 11), "seen")
    assert deadline(case, "T-PUBLISH").due_on == D(2026, 7, 28)
    assert deadline(case, "T-FEEDBACK").state == "met_late"


def test_a_correction_that_makes_a_later_step_impossible_is_refused(case, officer, monday):
    to_feedback(case, officer, monday)
    fixed = case.events.get(kind="fixed")
    with pytest.raises(GuardFailed) as refused:
        correct(
            fixed.pk,
            Fixed(first_day=D(2026, 6, 1), last_day=D(2026, 6, 5)),
            by=officer,
            reason="Wrong week",
        )
    assert refused.value.reasons == [
        (
            "",
            "“Area told” of Monday 1 June 2026 (entry 3) would no longer be possible: "
            "The area must be told before the first day.",
        )
    ]
    case.refresh_from_db()
    assert case.first_day == D(2026, 6, 8)
    assert case.version == 4


def test_voiding_what_later_steps_rest_on_is_refused(case, officer, monday):
    to_feedback(case, officer, monday)
    with pytest.raises(GuardFailed, match=r"“Feedback given” .* no longer be possible"):
        void(case.events.get(kind="notified").pk, by=officer, reason="Never happened")


def test_voiding_the_last_step_opens_its_deadline_again(case, officer, monday):
    to_feedback(case, officer, monday)
    void(case.events.get(kind="feedback_given").pk, by=officer, reason="Wrong case")
    case.refresh_from_db()
    assert case.stage == "told"
    assert "feedback" not in case.moments
    assert deadline(case, "T-FEEDBACK").state == "open"
    record(case.pk, Seen(), by=officer)
    assert deadline(case, "T-FEEDBACK").state == "met"


def test_a_correction_without_a_reason_is_refused(case, officer):
    fixed = record(case.pk, FIX, by=officer)
    with pytest.raises(GuardFailed, match="Give the reason"):
        correct(fixed.pk, FIX, by=officer, reason="  ")


def test_a_voided_entry_cannot_be_corrected(case, officer):
    fixed = record(case.pk, FIX, by=officer)
    void(fixed.pk, by=officer, reason="No")
    with pytest.raises(GuardFailed, match="struck out"):
        correct(fixed.pk, FIX, by=officer, reason="Yes after all")


def test_ending_a_case_ends_its_deadlines(case, officer):
    record(case.pk, Done(), by=officer)
    case.refresh_from_db()
    assert (case.stage, case.ended_on) == ("closed", D(2026, 6, 1))
    with pytest.raises(GuardFailed):
        record(case.pk, FIX, by=officer)


def test_the_chain_of_a_long_case_holds(case, officer, monday):
    to_feedback(case, officer, monday)
    correct(
        case.events.get(kind="feedback_given").pk,
        Seen(),
        by=officer,
        reason="Hour",
        happened_at=datetime.datetime(2026, 6, 12, 14, 0, tzinfo=datetime.UTC),
    )
    record(case.pk, Drafted(), by=officer)
    record(case.pk, Published(), by=officer)
    assert verify_chain(Case.objects.get(pk=case.pk)) == []
    assert Event.objects.filter(case=case).count() == 7
