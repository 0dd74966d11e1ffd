/*---
title    = "Privileged work has accounts of its own"
promise  = "No administrative right sits on an account that somebody uses for daily work."
why      = "Mail and web pages reach the daily account; what they can do there ends at its rights."
clauses  = ["ISO/IEC 27001:2022 A.8.2", "ISO/IEC 27001:2013 A.9.2.3"]
kind     = "state"
severity = "high"
owner    = "it-operations"
optional = ["people", "systems"]
---*/
SELECT account.source || '/' || account.account_id                                        AS subject,
       account.label                                                                      AS label,
       CASE WHEN NOT power.administers                                                            THEN true
            WHEN power.administers AND account.enabled AND account.kind IN ('person', 'shared')   THEN false END  AS ok,
       CASE power.administers
            WHEN true  THEN 'is used for daily work and administers' || coalesce(': ' || power.how, '')
            WHEN false THEN 'has no administrative right'
            ELSE 'whether it has administrative rights is unknown' END                    AS detail
FROM account_owners AS account
JOIN administrators AS power USING (source, account_id)
-- Not applicable: what is switched off, and accounts made for something else than daily work.
WHERE account.enabled IS NOT FALSE
  AND coalesce(account.kind, 'unknown') NOT IN ('admin', 'service', 'break_glass', 'system')
