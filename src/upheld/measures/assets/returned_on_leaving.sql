/*---
title    = "Things come back"
promise  = "Nobody whose engagement ended, or whose new role no longer needs it, holds an asset of the company past the window."
why      = "A laptop that left with its user takes a year of mail along."
clauses  = ["ISO/IEC 27001:2022 A.5.11", "ISO/IEC 27001:2013 A.8.1.4"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "3 days"
parameters = ["return_window"]
---*/
WITH person AS (
    SELECT each.id AS holder_id, max(each.name) AS name, max(each.role) AS role, max(each.ended_on) AS ended_on,
           max(listed.seen_from_at)                                          AS so_since_at,
           true                                                              AS known
    FROM engagements AS each
    LEFT JOIN people AS listed USING (source, id)
    GROUP BY each.id
),
holding AS (
    SELECT custody.source, custody.id, custody.asset_id, custody.holder_id, asset.title,
           coalesce(person.name, custody.holder_id)                          AS name,
           person.known, person.role,
           array_length(class.roles) = 0 OR list_contains(class.roles, person.role)   AS needed,
           CAST(person.ended_on AS TIMESTAMP) + INTERVAL 1 DAY + $return_window  AS leaver_due_at,
           -- Since when the list of people says so is the latest day on which somebody changed.
           person.so_since_at + $return_window                               AS mover_due_at
    FROM asset_custodies AS custody
    LEFT JOIN person USING (holder_id)
    LEFT JOIN (SELECT source, id AS asset_id, title, class_id FROM registered_assets) AS asset USING (source, asset_id)
    LEFT JOIN (SELECT source, id AS class_id, roles FROM asset_classes) AS class USING (source, class_id)
    -- Not applicable: what came back.
    WHERE custody.returned_at IS NULL
),
judged AS (
    SELECT *,
           CASE WHEN known IS NULL                                           THEN 'stranger'
                WHEN leaver_due_at < $as_of                                  THEN 'left'
                WHEN NOT needed AND mover_due_at < $as_of                    THEN 'moved'
                WHEN NOT needed                                              THEN 'moving'
                ELSE 'holds' END                                             AS finding
    FROM holding
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, asset_id) || ', ' || name                             AS label,
       finding IN ('holds', 'moving')                                        AS ok,
       CASE finding
            WHEN 'stranger' THEN 'is held by somebody whom no list of people knows'
            WHEN 'left'     THEN 'is held by somebody who left, and was due on ' || CAST(CAST(leaver_due_at AS DATE) AS TEXT)
            WHEN 'moved'    THEN 'is held by somebody who is ' || coalesce(role, 'of no known role') || ' now, and was due on ' || CAST(CAST(mover_due_at AS DATE) AS TEXT)
            ELSE 'is held by who may' END                                    AS detail,
       CASE WHEN finding = 'moving' THEN least(leaver_due_at, mover_due_at) ELSE leaver_due_at END  AS flips_at
FROM judged
