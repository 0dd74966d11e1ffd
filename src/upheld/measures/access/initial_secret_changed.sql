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
---*/
WITH given AS (
    SELECT account.source, account.id, account.user_name, account.system_id, account.enabled,
           -- A password set while the account was being made, or one that must be changed, is the first one still.
           CASE WHEN account.password_must_change                                              THEN false
                ELSE account.password_changed_at > account.created_at + $first_secret_setup END  AS changed,
           CASE WHEN account.password_must_change THEN coalesce(account.password_changed_at, account.created_at)
                ELSE account.created_at END                                                   AS given_at
    FROM accounts AS account
    -- Not applicable: what is switched off, has no password, or belongs to a program.
    WHERE account.enabled IS NOT FALSE
      AND coalesce(account.password_scheme, 'unknown') NOT IN ('locked', 'none')
      AND coalesce(account.kind, 'unknown') NOT IN ('service', 'system')
)
SELECT given.source || '/' || given.id                                                    AS subject,
       given.user_name || ' on ' || coalesce(system.name, given.system_id)                AS label,
       CASE WHEN given.changed                                                     THEN true
            WHEN given.given_at >= $as_of - $first_secret_window                   THEN true
            WHEN NOT given.changed AND given.given_at IS NOT NULL AND given.enabled THEN false END  AS ok,
       CASE WHEN given.changed                THEN 'has changed its first password'
            WHEN NOT given.changed AND given.given_at IS NOT NULL
                                              THEN 'has had its first password since ' || CAST(CAST(given.given_at AS DATE) AS TEXT)
            ELSE 'whether its first password was changed is unknown' END                  AS detail,
       CASE WHEN given.changed THEN NULL
            WHEN given.given_at >= $as_of - $first_secret_window THEN given.given_at + $first_secret_window END  AS flips_at
FROM given
LEFT JOIN systems AS system ON system.id = given.system_id
