/*---
title    = "Every account has an owner"
promise  = "Every account that can be used belongs to one person who works here, or to a service for which such a person answers."
why      = "An account that nobody answers for is noticed by nobody when it is misused, and is closed by nobody."
clauses  = ["ISO/IEC 27001:2022 A.5.16", "ISO/IEC 27001:2013 A.9.2.1", "GDPR 32(1)(b)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "7 days"
parameters = ["joining_window", "leaver_window"]
---*/
WITH subjects AS (
    SELECT account.source, account.id, account.user_name, account.system_id, account.enabled,
           owner.person_id, owner.person_name, owner.matched_by, owner.current, owner.started_on, owner.ended_on,
           -- The last day is the whole day, wherever on earth it is: the window takes care of that.
           CAST(owner.ended_on AS TIMESTAMP) + INTERVAL 1 DAY + $leaver_window  AS leaves_at,
           CAST(owner.started_on AS TIMESTAMP) - $joining_window                AS joins_at,
           refused.source IS NOT NULL                                           AS refs_denied
    FROM accounts AS account
    JOIN account_owners AS owner ON owner.source = account.source AND owner.account_id = account.id
    LEFT JOIN (
        SELECT DISTINCT source FROM gaps
        WHERE table_name = 'accounts' AND column_name IN ('person_ref', 'owner_ref') AND kind = 'denied'
    ) AS refused ON refused.source = account.source
    -- Not applicable: what is switched off, and the operating system's own accounts that nobody can sign in to.
    WHERE account.enabled IS NOT FALSE
      AND NOT (coalesce(account.kind, 'unknown') = 'system' AND account.can_sign_in IS FALSE)
),
owned AS (
    SELECT *,
           CASE WHEN matched_by = 'ambiguous'                     THEN NULL
                WHEN person_id IS NULL AND refs_denied            THEN NULL
                WHEN person_id IS NULL                            THEN false
                WHEN leaves_at < $as_of                           THEN false
                WHEN joins_at > $as_of                            THEN false
                WHEN current IS NULL AND started_on IS NULL       THEN NULL
                ELSE true END                                     AS belongs
    FROM subjects
)
SELECT owned.source || '/' || owned.id                                                    AS subject,
       owned.user_name || ' on ' || coalesce(system.name, owned.system_id)                AS label,
       CASE WHEN owned.belongs     THEN true
            WHEN NOT owned.belongs AND owned.enabled THEN false END                       AS ok,
       CASE WHEN owned.matched_by = 'ambiguous'
                THEN 'could belong to any of ' || coalesce(owned.person_name, 'several people')
            WHEN owned.person_id IS NULL AND owned.refs_denied
                THEN 'the source would not show whose it is'
            WHEN owned.person_id IS NULL
                THEN 'belongs to nobody'
            WHEN owned.ended_on < CAST($as_of AS DATE)
                THEN 'belongs to ' || coalesce(owned.person_name, owned.person_id) || ', who left on ' || CAST(owned.ended_on AS TEXT)
            WHEN owned.started_on > CAST($as_of AS DATE)
                THEN 'belongs to ' || coalesce(owned.person_name, owned.person_id) || ', who starts on ' || CAST(owned.started_on AS TEXT)
            WHEN owned.started_on IS NULL
                THEN 'belongs to ' || coalesce(owned.person_name, owned.person_id) || ', whose first day is unknown'
            ELSE 'belongs to ' || coalesce(owned.person_name, owned.person_id) END        AS detail,
       CASE WHEN owned.belongs THEN owned.leaves_at END                                   AS flips_at
FROM owned
LEFT JOIN systems AS system ON system.id = owned.system_id
