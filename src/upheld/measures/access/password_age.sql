/*---
title    = "Passwords are renewed"
promise  = "No password is older than the longest age agreed for its class: people, administrators, programs."
why      = "A password that leaked unnoticed stays useful for as long as it lives."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2013 A.9.4.3"]
kind     = "cadence"
severity = "medium"
owner    = "it-operations"
warn     = "14 days"
parameters = ["password_age_people", "password_age_admins", "password_age_programs"]
optional = ["grants", "groups", "systems"]
---*/
WITH aged AS (
    SELECT account.source, account.id, account.user_name, account.system_id, account.enabled, account.password_changed_at,
           -- Who administers anything is held to the rule for administrators; whose class is unknown, to that for people.
           CASE WHEN power.administers OR account.kind IN ('admin', 'break_glass')  THEN account.password_changed_at + $password_age_admins
                WHEN account.kind = 'service'                                       THEN account.password_changed_at + $password_age_programs
                ELSE account.password_changed_at + $password_age_people END  AS ends_at
    FROM accounts AS account
    JOIN administrators AS power ON power.source = account.source AND power.account_id = account.id
    -- Not applicable: what is switched off, or has no password.
    WHERE account.enabled IS NOT FALSE
      AND coalesce(account.password_scheme, 'unknown') NOT IN ('locked', 'none')
)
SELECT aged.source || '/' || aged.id                                         AS subject,
       aged.user_name || ' on ' || coalesce(system.name, aged.system_id)     AS label,
       CASE WHEN aged.ends_at >= $as_of                    THEN true
            WHEN aged.ends_at < $as_of AND aged.enabled    THEN false END    AS ok,
       coalesce('its password is of ' || CAST(CAST(aged.password_changed_at AS DATE) AS TEXT), 'the age of its password is unknown')  AS detail,
       aged.ends_at                                                          AS flips_at
FROM aged
LEFT JOIN systems AS system ON system.id = aged.system_id
