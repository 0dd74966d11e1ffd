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
optional = ["systems"]
---*/
WITH owned AS (
    SELECT account.source || '/' || account.account_id                            AS subject,
           account.label,
           account.enabled,
           account.started_on,
           account.ended_on,
           coalesce(account.person_name, account.person_id)                       AS owner_name,
           -- The last day is a whole day, wherever on earth it is: the window takes care of that.
           CAST(account.ended_on AS TIMESTAMP) + INTERVAL 1 DAY + $leaver_window  AS ends_at,
           CASE WHEN account.matched_by = 'ambiguous'                                                         THEN 'several'
                WHEN account.matched_by = 'none' AND refused.hidden                                           THEN 'hidden'
                WHEN account.matched_by = 'none'                                                              THEN 'nobody'
                WHEN CAST(account.ended_on AS TIMESTAMP) + INTERVAL 1 DAY + $leaver_window < $as_of           THEN 'left'
                WHEN CAST(account.started_on AS TIMESTAMP) - $joining_window > $as_of                         THEN 'to come'
                WHEN account.started_on IS NULL                                                               THEN 'undated'
                ELSE 'owned' END                                                  AS finding
    FROM account_owners AS account
    LEFT JOIN (
        SELECT DISTINCT source, true AS hidden
        FROM gaps
        WHERE table_name = 'accounts' AND column_name IN ('person_ref', 'owner_ref') AND kind = 'denied'
    ) AS refused USING (source)
    -- Not applicable: what is switched off, and the operating system's own accounts that nobody can sign in to.
    WHERE account.enabled IS NOT FALSE
      AND (coalesce(account.kind, 'unknown') <> 'system' OR account.can_sign_in IS NOT FALSE)
)
SELECT subject,
       label,
       CASE WHEN finding = 'owned'                                        THEN true
            WHEN finding IN ('nobody', 'left', 'to come') AND enabled     THEN false END  AS ok,
       CASE finding WHEN 'several' THEN 'could belong to any of ' || owner_name
                    WHEN 'hidden'  THEN 'the source would not show whose it is'
                    WHEN 'nobody'  THEN 'belongs to nobody'
                    WHEN 'left'    THEN 'belongs to ' || owner_name || ', who left on ' || CAST(ended_on AS TEXT)
                    WHEN 'to come' THEN 'belongs to ' || owner_name || ', who starts on ' || CAST(started_on AS TEXT)
                    WHEN 'undated' THEN 'belongs to ' || owner_name || ', whose first day is unknown'
                    ELSE 'belongs to ' || owner_name END                                  AS detail,
       ends_at                                                                            AS flips_at
FROM owned
