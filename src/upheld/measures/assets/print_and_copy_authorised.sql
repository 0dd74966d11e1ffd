/*---
title    = "Prints and copies are authorised before"
promise  = "Every print, and every copy to a portable carrier, of data of the company or its customers had an authorisation dated before it."
why      = "Paper has no password."
clauses  = ["ISO/IEC 27001:2022 A.7.10", "ISO/IEC 27001:2013 A.8.3.1"]
kind     = "never"
severity = "medium"
owner    = "it-operations"
---*/
-- A line that left the log was still told.
WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.prints_and_copies
),
person AS (
    SELECT id AS person_id, max(name) AS name
    FROM engagements
    GROUP BY id
),
allowed AS (
    SELECT event.source, event.id, true AS allowed
    FROM told AS event
    JOIN (SELECT kind, person_id, approved_at, from_at, until_at FROM asset_permissions) AS permission USING (kind, person_id)
    WHERE permission.approved_at <= event.done_at
      AND permission.from_at <= event.done_at
      AND coalesce(permission.until_at > event.done_at, true)
    GROUP BY event.source, event.id
),
judged AS (
    SELECT event.source, event.id, event.done_at, event.company_data,
           coalesce(event.kind, 'print or copy') || ' of ' || coalesce(person.name, event.person_id, 'somebody')  AS label,
           CASE WHEN allowed.allowed                                         THEN true
                WHEN event.company_data AND event.done_at IS NOT NULL        THEN false END  AS ok
    FROM told AS event
    LEFT JOIN allowed USING (source, id)
    LEFT JOIN person USING (person_id)
    WHERE event.age = 1
      -- Not applicable: what holds no data of the company.
      AND event.company_data IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       label,
       ok,
       CASE WHEN ok                   THEN 'was authorised before'
            WHEN done_at IS NULL      THEN 'when it was is unknown'
            WHEN company_data         THEN 'was not authorised, ' || strftime(done_at, '%Y-%m-%d %H:%M')
            ELSE 'was not authorised; whether data of the company were in it is unknown' END  AS detail
FROM judged
