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
WITH held AS (
    SELECT account.source || '/' || account.id                                             AS subject,
           account.user_name || ' on ' || coalesce(system.name, account.system_id)         AS label,
           coalesce('its password is of ' || CAST(CAST(account.password_changed_at AS DATE) AS TEXT), 'the age of its password is unknown')  AS detail,
           account.enabled, account.password_changed_at,
           -- Who administers anything is held to the rule for administrators; whose class is unknown, to that for people.
           CASE WHEN power.administers OR account.kind IN ('admin', 'break_glass')         THEN 'admin'
                WHEN account.kind = 'service'                                              THEN 'program'
                ELSE 'person' END                                                          AS class
    FROM accounts AS account
    JOIN administrators AS power ON power.source = account.source AND power.account_id = account.id
    LEFT JOIN systems AS system ON system.id = account.system_id
    -- Not applicable: what is switched off, or has no password.
    WHERE account.enabled IS NOT FALSE
      AND coalesce(account.password_scheme, 'unknown') NOT IN ('locked', 'none')
),
aged AS (
    SELECT subject, label, detail, enabled,
           CASE class WHEN 'admin'    THEN password_changed_at + $password_age_admins
                      WHEN 'program'  THEN password_changed_at + $password_age_programs
                      ELSE password_changed_at + $password_age_people END                  AS ends_at
    FROM held
)
SELECT subject,
       label,
       CASE WHEN ends_at >= $as_of                THEN true
            WHEN ends_at < $as_of AND enabled     THEN false END                           AS ok,
       detail,
       ends_at                                                                             AS flips_at
FROM aged
