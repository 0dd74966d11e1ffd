/*---
title    = "First passwords are changed"
promise  = "Nobody keeps the first password that was given to them for longer than the agreed window."
why      = "A first password was known to whoever gave it, and often to the mail it came in."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2013 A.9.2.4"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "2 days"
parameters = ["first_secret_window", "first_secret_setup"]
optional = ["systems"]
---*/
WITH given AS (
    SELECT account.*,
           coalesce(account.password_changed_at, account.created_at)         AS given_at,
           -- What must be changed, or was set while the account was being made, is what was given.
           CASE WHEN account.password_must_change THEN false
                WHEN account.password_chosen IS NOT NULL THEN account.password_chosen
                ELSE account.password_changed_at > account.created_at + $first_secret_setup END  AS changed
    FROM accounts AS account
    -- Not applicable: what is switched off, has no password, or belongs to a program.
    WHERE account.enabled IS NOT FALSE
      AND coalesce(account.password_scheme, 'unknown') NOT IN ('locked', 'none')
      AND coalesce(account.kind, 'unknown') NOT IN ('service', 'system')
),
judged AS (
    SELECT *,
           CASE WHEN changed                                            THEN 'changed'
                WHEN given_at >= $as_of - $first_secret_window          THEN 'new'
                WHEN NOT changed AND given_at < $as_of                  THEN 'kept'
                ELSE 'unknown' END                                           AS finding
    FROM given
)
SELECT judged.source || '/' || judged.id                                     AS subject,
       judged.user_name || ' on ' || coalesce(system.name, judged.system_id) AS label,
       CASE WHEN judged.finding IN ('changed', 'new')           THEN true
            WHEN judged.finding = 'kept' AND judged.enabled     THEN false END  AS ok,
       CASE judged.finding
            WHEN 'changed' THEN 'has changed its first password'
            WHEN 'unknown' THEN 'whether its first password was changed is unknown'
            ELSE 'has its first password since ' || CAST(CAST(judged.given_at AS DATE) AS TEXT) END  AS detail,
       CASE judged.finding WHEN 'new' THEN judged.given_at + $first_secret_window END  AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
