/*---
title    = "Restores are authorised"
promise  = "Every restore of data was agreed to before by somebody of the management who had not asked for it."
why      = "A restore brings back what was deleted on purpose, and copies out what was protected."
clauses  = ["ISO/IEC 27001:2022 A.8.13", "ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.12.3.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
may_be_empty = "no data need have been restored"
---*/
-- A line that left the log was still told.
WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.restores
),
managers AS (
    SELECT holder.person_id, holder.from_on, holder.until_on
    FROM responsibility_holders AS holder
    JOIN responsibilities AS role ON role.id = holder.responsibility_id
    WHERE role.management
      AND holder.part = 'accountable'
),
agreed AS (
    SELECT told.source, told.id,
           bool_or(request.approved_at <= told.done_at)                      AS before,
           bool_or(request.approved_at <= told.done_at AND manager.person_id IS NOT NULL)  AS by_management
    FROM told
    JOIN restore_requests AS request
      ON request.system_id = told.system_id AND request.from_at <= told.done_at AND request.until_at >= told.done_at
    LEFT JOIN managers AS manager
           ON manager.person_id = request.approved_by_id
          AND manager.from_on <= CAST(request.approved_at AS DATE)
          AND coalesce(manager.until_on >= CAST(request.approved_at AS DATE), true)
    WHERE request.approved_by_id <> request.asked_by_id
    GROUP BY told.source, told.id
)
SELECT told.source || '/' || told.id                                         AS subject,
       told.system_id || coalesce(', ' || CAST(CAST(told.done_at AS DATE) AS TEXT), '') || coalesce(' by ' || told.done_by, '')  AS label,
       CASE WHEN agreed.by_management       THEN true
            WHEN told.done_at IS NOT NULL   THEN false END                   AS ok,
       CASE WHEN agreed.by_management       THEN 'agreed to before'
            WHEN told.done_at IS NULL       THEN 'when it was done is unknown'
            WHEN agreed.before              THEN 'agreed to by nobody of the management'
            WHEN NOT agreed.before          THEN 'agreed to only afterwards'
            ELSE 'nobody agreed to it' END                                   AS detail
FROM told
LEFT JOIN agreed USING (source, id)
WHERE told.age = 1
