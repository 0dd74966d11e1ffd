/*---
title    = "Privileged work has accounts of its own"
promise  = "No administrative right sits on an account that somebody uses for daily work."
why      = "Mail and web pages reach the daily account; what they can do there ends at its rights."
clauses  = ["ISO/IEC 27001:2022 A.8.2", "ISO/IEC 27001:2013 A.9.2.3"]
kind     = "state"
severity = "high"
owner    = "it-operations"
---*/
WITH rights AS (
    SELECT source, account_id,
           bool_or(privileged)                                                              AS some,
           bool_or(privileged IS NULL)                                                      AS some_unknown,
           string_agg(entitlement, ', ' ORDER BY entitlement) FILTER (WHERE privileged)     AS named
    FROM effective_grants
    GROUP BY source, account_id
),
daily AS (
    SELECT account.source, account.id, account.user_name, account.system_id, account.enabled, account.kind, account.privileged, rights.named,
           CASE WHEN account.privileged OR rights.some                       THEN true
                WHEN account.privileged IS NULL OR rights.some_unknown       THEN NULL
                ELSE false END                                               AS powerful
    FROM accounts AS account
    LEFT JOIN rights ON rights.source = account.source AND rights.account_id = account.id
    -- Not applicable: what is switched off, and accounts made for something else than daily work.
    WHERE account.enabled IS NOT FALSE
      AND coalesce(account.kind, 'unknown') NOT IN ('admin', 'service', 'break_glass', 'system')
)
SELECT daily.source || '/' || daily.id                                                    AS subject,
       daily.user_name || ' on ' || coalesce(system.name, daily.system_id)                AS label,
       CASE WHEN NOT daily.powerful                                                THEN true
            WHEN daily.powerful AND daily.enabled AND daily.kind IS NOT NULL       THEN false END  AS ok,
       CASE WHEN NOT daily.powerful                 THEN 'has no administrative right'
            WHEN daily.powerful IS NULL             THEN 'whether it has administrative rights is unknown'
            WHEN daily.kind IS NULL                 THEN 'is an administrator; whether it is used for daily work is unknown'
            WHEN daily.named IS NOT NULL            THEN 'is used for daily work and holds ' || daily.named
            ELSE 'is used for daily work and is an administrator' END                     AS detail
FROM daily
LEFT JOIN systems AS system ON system.id = daily.system_id
