/*---
title    = "Required procedures exist"
promise  = "Every system in operation has the procedures that its kind requires, each written for those who need it, within reach, and found right within the interval."
why      = "What is only in somebody's head goes home with them."
clauses  = ["ISO/IEC 27001:2022 A.5.37", "ISO/IEC 27001:2013 A.12.1.1"]
kind     = "cadence"
severity = "medium"
owner    = "it-operations"
warn     = "30 days"
parameters = ["procedure_interval"]
subjects = "systems and the procedures that they need"
---*/
WITH written AS (
    SELECT book.system_id, book.task, book.looked_at,
           coalesce(array_length(book.audience), 0) > 0                      AS addressed,
           -- A policy can be read while a version of it is in force.
           CASE WHEN book.document_id IS NOT NULL THEN policy.version_id IS NOT NULL ELSE place.reachable END  AS reachable
    FROM runbooks AS book
    LEFT JOIN policies AS policy ON policy.id = book.document_id
    LEFT JOIN written_places AS place ON place.id = book.place
),
best AS (
    SELECT system_id, task, count(*)                                         AS books,
           max(looked_at) FILTER (WHERE addressed AND reachable)             AS looked_at,
           max(looked_at) FILTER (WHERE addressed AND reachable IS NULL)     AS perhaps_at,
           bool_or(addressed) AS addressed, bool_or(reachable IS NOT FALSE) AS perhaps_reachable
    FROM written
    GROUP BY system_id, task
),
needed AS (
    SELECT system.source, system.id, coalesce(system.name, system.id) AS name, system.in_operation, rule.task
    FROM systems AS system
    LEFT JOIN required_procedures AS rule ON rule.system_kind = system.kind
    -- Not applicable: what serves nobody, and what is no production.
    WHERE system.in_operation IS NOT FALSE
      AND coalesce(system.environment, 'production') = 'production'
),
judged AS (
    SELECT needed.source, needed.id, needed.name, needed.in_operation, needed.task, best.looked_at,
           CASE WHEN needed.task IS NULL                                     THEN 'nothing required'
                WHEN best.looked_at >= $as_of - $procedure_interval          THEN 'right'
                WHEN best.books IS NULL                                      THEN 'not written'
                WHEN NOT best.addressed                                      THEN 'for nobody'
                WHEN best.perhaps_at >= $as_of - $procedure_interval         THEN 'perhaps'
                WHEN NOT best.perhaps_reachable                              THEN 'out of reach'
                ELSE 'aged' END                                              AS finding
    FROM needed
    LEFT JOIN best ON best.system_id = needed.id AND best.task = needed.task
)
SELECT source || '/' || id || coalesce('/' || task, '')                      AS subject,
       name || coalesce(', ' || task, '')                                    AS label,
       CASE WHEN finding = 'right'                                               THEN true
            WHEN finding NOT IN ('nothing required', 'perhaps') AND in_operation  THEN false END  AS ok,
       CASE finding
            WHEN 'right'             THEN 'found right on ' || CAST(CAST(looked_at AS DATE) AS TEXT)
            WHEN 'nothing required'  THEN 'nobody said which procedures a system of its kind needs'
            WHEN 'not written'       THEN 'is not written'
            WHEN 'for nobody'        THEN 'does not say who needs it'
            WHEN 'perhaps'           THEN 'whether it can be reached is unknown'
            WHEN 'out of reach'      THEN 'cannot be reached where it is said to be'
            ELSE 'not found right lately' END                                AS detail,
       looked_at + $procedure_interval                                       AS flips_at
FROM judged
