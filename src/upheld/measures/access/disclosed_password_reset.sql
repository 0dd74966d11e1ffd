/*---
title    = "What came out is changed"
promise  = "Every password or other credential that was reported as disclosed or corrupted has been changed, or cannot be used any more, within the window."
why      = "A secret that is known to be known and still works is an open door with a sign on it."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2013 A.9.3.1", "GDPR 32(1)(b)"]
kind     = "deadline"
severity = "critical"
owner    = "it-operations"
warn     = "2 hours"
parameters = ["disclosed_window", "disclosures_looked_back"]
may_be_empty = "No credential was reported as disclosed."
---*/
WITH found AS (
    SELECT told.source, told.id, told.system_id, told.identifier, told.kind, told.reported_at,
           count(account.id)                                                 AS accounts,
           bool_and(account.enabled IS FALSE OR coalesce(account.password_changed_at > told.reported_at, false))  AS changed,
           bool_or(account.enabled IS NOT FALSE AND account.password_changed_at IS NULL)                          AS untold,
           max(account.password_changed_at)                                  AS changed_at
    FROM disclosed_credentials AS told
    LEFT JOIN accounts AS account ON account.system_id = told.system_id AND lower(account.identifier) = told.identifier
    WHERE coalesce(told.reported_at >= $as_of - $disclosures_looked_back, true)
    GROUP BY told.source, told.id, told.system_id, told.identifier, told.kind, told.reported_at
),
judged AS (
    SELECT *,
           CASE WHEN changed                                           THEN 'changed'
                WHEN reported_at + $disclosed_window >= $as_of         THEN 'waiting'
                WHEN accounts = 0 OR reported_at IS NULL               THEN 'unseen'
                -- A system tells of passwords when they were changed, of keys and tokens it does not.
                WHEN untold OR kind <> 'password' OR kind IS NULL      THEN 'untold'
                ELSE 'unchanged' END                                         AS finding
    FROM found
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(kind, 'credential') || ' of ' || identifier || ' on ' || system_id  AS label,
       CASE WHEN finding IN ('changed', 'waiting')   THEN true
            WHEN finding = 'unchanged'               THEN false END          AS ok,
       CASE finding
            WHEN 'changed'  THEN coalesce('changed on ' || CAST(CAST(changed_at AS DATE) AS TEXT), 'cannot be used any more')
            WHEN 'waiting'  THEN 'reported on ' || CAST(CAST(reported_at AS DATE) AS TEXT) || ', to be changed'
            WHEN 'unseen'   THEN 'no source tells of this account, or when it was reported'
            WHEN 'untold'   THEN 'whether it was changed is unknown'
            ELSE 'reported on ' || CAST(CAST(reported_at AS DATE) AS TEXT) || ', and not changed since' END  AS detail,
       CASE finding WHEN 'waiting' THEN reported_at + $disclosed_window END  AS flips_at
FROM judged
