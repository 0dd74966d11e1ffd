/*---
title    = "Rights are reviewed"
promise  = "Every system has a finished review of its users' rights within the interval, which covered every right that there was when it opened."
why      = "Rights that nobody looks at only ever grow."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.5", "GDPR 32(1)(d)"]
kind     = "cadence"
severity = "high"
owner    = "security-lead"
warn     = "30 days"
duty     = { do = "Review who has access", action = "authorization.open-review", every = "review_interval" }
parameters = ["review_interval"]
---*/
WITH finished AS (
    SELECT id, system_id, opened_at, finished_at, undecided, as_frozen,
           row_number() OVER (PARTITION BY system_id ORDER BY finished_at DESC, id) AS age
    FROM access_reviews
    WHERE kind = 'system'
      AND finished_at IS NOT NULL
),
there AS (
    SELECT source, system_id, holder_id AS account_id, entitlement, seen_from_at, coalesce(seen_until_at, $as_of) AS seen_until_at
    FROM history.grants
    WHERE holder_kind = 'account'
      -- Not applicable: what every account has by being one.
      AND inherent IS NOT TRUE
),
-- What is switched off, and the system's own, is not reviewed right by right.
put_aside AS (
    SELECT source, id AS account_id, seen_from_at, coalesce(seen_until_at, $as_of) AS seen_until_at
    FROM history.accounts
    WHERE enabled IS FALSE
       OR kind = 'system'
),
missed AS (
    SELECT finished.id, count(DISTINCT there.source || '/' || there.account_id || '/' || there.entitlement) AS rights
    FROM finished
    JOIN there ON there.system_id = finished.system_id
    LEFT JOIN review_items AS item
           ON item.review_id = finished.id AND item.told_by = there.source
          AND item.account_id = there.account_id AND item.entitlement = there.entitlement
    LEFT JOIN put_aside
           ON put_aside.source = there.source AND put_aside.account_id = there.account_id
          AND put_aside.seen_from_at <= finished.opened_at AND put_aside.seen_until_at > finished.opened_at
    WHERE there.seen_from_at <= finished.opened_at
      AND there.seen_until_at > finished.opened_at
      AND item.id IS NULL
      AND put_aside.account_id IS NULL
    GROUP BY finished.id
),
judged AS (
    SELECT system.source, system.id, system.name, system.in_operation, finished.finished_at, missed.rights,
           CASE WHEN finished.id IS NULL                                      THEN 'never'
                WHEN finished.finished_at + $review_interval < $as_of         THEN 'late'
                WHEN finished.undecided > 0 OR missed.rights > 0              THEN 'incomplete'
                WHEN NOT finished.as_frozen                                   THEN 'altered'
                WHEN finished.undecided IS NULL OR finished.as_frozen IS NULL THEN 'untold'
                ELSE 'reviewed' END                                          AS finding
    FROM systems AS system
    LEFT JOIN finished ON finished.system_id = system.id AND finished.age = 1
    LEFT JOIN missed ON missed.id = finished.id
    WHERE system.in_operation IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(name, id)                                                    AS label,
       CASE WHEN finding = 'reviewed'                     THEN true
            WHEN finding <> 'untold' AND in_operation     THEN false END     AS ok,
       CASE finding
            WHEN 'never'       THEN 'its rights were never reviewed'
            WHEN 'incomplete'  THEN 'its last review left out or left open ' || coalesce(CAST(rights AS TEXT) || ' rights', 'some rights')
            WHEN 'altered'     THEN 'what its last review covers was changed afterwards'
            WHEN 'untold'      THEN 'how complete its last review was is unknown'
            ELSE 'last reviewed on ' || CAST(CAST(finished_at AS DATE) AS TEXT) END  AS detail,
       finished_at + $review_interval                                        AS flips_at
FROM judged
