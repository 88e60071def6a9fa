"""Any number of invented cases, written by the database itself in a few statements.

Case n is of area n modulo the number of areas, and what it is follows from how many its area had
before: first those of a whole round (an inspection of 2016 with statement and re-visit, one of
2023, an open statement, an inspection to come), then history. So an area shows the same with
1,000 cases and with 100,000. Of the first thousand every twentieth is of one area, the last by
name, so that a page of it is full with few cases too. There are deadlines, but no events: nothing
that is measured here reads them.
"""

from collections.abc import Mapping
from typing import Any

#: What the first cases of an area are: kind, framework, stage, outcome, days from today to Day 1
#: (None for none), whether it has ended, its moments.
ROUND = (
    ("inspection", "local-area-send-2016", "closed", "statement_required", -3200, True, "all"),
    ("wsoa", "local-area-send-2016", "closed", "fit", None, True, "all"),
    ("revisit", "local-area-send-2016", "closed", "some_sufficient", -2200, True, "all"),
    ("inspection", "area-send-2023", "published", "inconsistent", -700, False, "all"),
    ("wsoa", "local-area-send-2016", "fit", "fit", None, False, "all"),
    ("inspection", "area-send-2023", "scheduled", "", 60, False, "none"),
)
#: What all further ones are, in turn; their days lie further and further back.
HISTORY = (
    ("inspection", "local-area-send-2016", "closed", "no_statement", -3300, True, "all"),
    ("revisit", "local-area-send-2016", "closed", "all_sufficient", -3300, True, "all"),
    ("wsoa", "local-area-send-2016", "closed", "fit", None, True, "all"),
    ("inspection", "local-area-send-2016", "draft_sent", "", -3300, False, "some"),
)
MOMENTS = {
    "all": "{notified,feedback,final_sent,published}",
    "some": "{notified,feedback}",
    "none": "{}",
}
#: Deadlines of each case: rule, days from today; open ones where the case has not ended.
DEADLINES = (
    ("IN-NOTIFY", -20),
    ("IN-HEALTH", -20),
    ("IN-LANO", -20),
    ("IN-FEEDBACK", -10),
    ("IN-DRAFT", 9),
    ("IN-FACTS", 20),
    ("IN-FINAL", 30),
    ("IN-PUBLISH", 37),
    ("WS-REVISIT", 200),
    ("AS-NEXT", 400),
)
ONE_AREA_HAS_EVERY = 20
OF_THE_FIRST = 1000


def make_cases(number: int, *, already: int = 0) -> None:
    """Have `number` cases and ten deadlines of each; `already` of them are there."""
    from casework.models import Case, Deadline
    from config import clock

    values = {"today": clock.today(), "first": already, "last": number - 1}
    pieces = ", ".join(_row(*one) for one in enumerate((*ROUND, *HISTORY), 1))
    source = f"""
        FROM generate_series(%(first)s::int, %(last)s::int) AS n
        CROSS JOIN (SELECT count(*) AS many FROM areas_localarea WHERE ends_on IS NULL) AS areas
        CROSS JOIN LATERAL (
            SELECT
                CASE WHEN heavy THEN n / {ONE_AREA_HAS_EVERY}
                    ELSE other / areas.many END AS earlier,
                CASE WHEN heavy THEN areas.many ELSE other %% areas.many + 1 END AS place
            FROM (SELECT n < {OF_THE_FIRST} AND n %% {ONE_AREA_HAS_EVERY} = 0 AS heavy,
                n - least(n, {OF_THE_FIRST} - 1) / {ONE_AREA_HAS_EVERY} - 1 AS other) AS turns
        ) AS share
        JOIN (SELECT id, row_number() OVER (ORDER BY name) AS place FROM areas_localarea
            WHERE ends_on IS NULL) AS area ON area.place = share.place
        JOIN (VALUES {pieces}) AS what
            (turn, kind, framework, stage, outcome, day, ended, moments)
            ON what.turn = CASE WHEN earlier < {len(ROUND)} THEN earlier + 1
                ELSE {len(ROUND)} + 1 + (earlier - {len(ROUND)}) %% {len(HISTORY)} END
    """
    # Each area has its own days.
    day = (
        f"%(today)s::date + what.day - greatest(0, earlier - {len(ROUND)})::int * 7 "
        "- CASE WHEN what.day < 0 THEN share.place::int %% 97 ELSE 0 END"
    )
    _insert(
        Case,
        {
            "id": "md5('many cases ' || n)::uuid",
            "reference": "'MC-' || lpad(n::text, 7, '0')",
            "kind": "what.kind",
            "framework": "what.framework",
            "local_area": "area.id",
            "created_at": "%(today)s::timestamptz - make_interval(mins => n)",
            "stage": "what.stage",
            "outcome": "what.outcome",
            "first_day": day,
            "last_day": f"{day} + 4",
            "ended_on": f"CASE WHEN what.ended THEN coalesce({day} + 100, %(today)s::date - n) END",
            "published_on": f"CASE WHEN 'published' = ANY(what.moments) THEN {day} + 50 END",
            "moments": "what.moments",
        },
        source,
        values,
    )
    rules = ", ".join(f"('{rule}', {days})" for rule, days in DEADLINES)
    due = "%(today)s::date + rule.days"
    _insert(
        Deadline,
        {
            "case": "made.id",
            "rule": "rule.rule",
            "title": "'what is due by ' || rule.rule",
            "owed_by": "'lead HMI'",
            "owed_roles": "'{lead_hmi}'::varchar[]",
            "strength": "'must'",
            "due_on": due,
            "computed_on": due,
            "counted_from_event": "'first_day'",
            "counted_from_on": "%(today)s::date",
            "state": "CASE WHEN made.ended_on IS NULL THEN 'open' ELSE 'met' END",
            "met_on": f"CASE WHEN made.ended_on IS NOT NULL THEN {due} END",
        },
        f"""FROM generate_series(%(first)s::int, %(last)s::int) AS n
            JOIN {Case._meta.db_table} AS made ON made.id = md5('many cases ' || n)::uuid
            CROSS JOIN (VALUES {rules}) AS rule (rule, days)""",
        values,
    )


def _row(turn: int, what: tuple[Any, ...]) -> str:
    kind, framework, stage, outcome, day, ended, moments = what
    number = "NULL::int" if day is None else str(day)
    return (
        f"({turn}, '{kind}', '{framework}', '{stage}', '{outcome}', {number}, {ended}, "
        f"'{MOMENTS[moments]}'::varchar[])"
    )


def _insert(model: Any, given: Mapping[str, str], source: str, values: Mapping[str, Any]) -> None:
    """INSERT ... SELECT with expressions for some fields and the model's defaults for the rest."""
    from django.db import connection

    parameters, columns, expressions = dict(values), [], []
    for field in model._meta.concrete_fields:
        expression = given.get(field.name)
        if expression is None:
            if field.primary_key:
                continue
            parameters[field.name] = field.get_db_prep_save(field.get_default(), connection)
            expression = f"%({field.name})s"
        columns.append(f'"{field.column}"')
        expressions.append(expression)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
            f"SELECT {', '.join(expressions)} {source}",
            parameters,
        )
