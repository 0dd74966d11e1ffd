/*---
title    = "A second factor is enrolled and used"
promise  = "Everybody who can sign in where a second factor is required has one, and used it when they last signed in."
why      = "A second factor that exists and is not asked for protects nobody."
clauses  = ["ISO/IEC 27001:2022 A.8.5", "ISO/IEC 27001:2013 A.9.4.2", "GDPR 32(1)(b)"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
subjects = "accounts of people"
optional = ["sign_ins"]
---*/
WITH ranked AS (
    SELECT system_id, identifier, sign_in.at, used_mfa,
           row_number() OVER (PARTITION BY system_id, identifier ORDER BY sign_in.at DESC, source, id) AS age
    FROM sign_ins AS sign_in
    WHERE succeeded
),
judged AS (
    SELECT account.source, account.id, account.user_name, account.enabled, account.can_sign_in, account.has_mfa, system.mfa_required,
           coalesce(system.name, account.system_id)                          AS system_name,
           CASE WHEN last.at IS NOT NULL AND coalesce(account.last_login_at <= last.at, true)  THEN last.used_mfa
                ELSE account.used_mfa_at >= account.last_login_at END        AS used,
           -- Never signed in, where the system could tell: there was no sign-in without.
           last.at IS NULL AND account.last_login_at IS NULL AND untold.source IS NULL  AS never
    FROM accounts AS account
    LEFT JOIN systems AS system ON system.id = account.system_id
    LEFT JOIN ranked AS last ON last.system_id = account.system_id AND last.identifier = account.identifier AND last.age = 1
    LEFT JOIN (SELECT DISTINCT source FROM gaps WHERE table_name = 'accounts' AND column_name = 'last_login_at') AS untold
           ON untold.source = account.source
    -- Not applicable: programs, systems that require none, and what nobody can sign in to.
    WHERE coalesce(account.kind, 'person') NOT IN ('service', 'system')
      AND system.mfa_required IS NOT FALSE
      AND account.enabled IS NOT FALSE
      AND account.can_sign_in IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       user_name || ' on ' || system_name                                    AS label,
       CASE WHEN has_mfa AND (used OR never)                                                           THEN true
            WHEN (NOT has_mfa OR NOT used) AND enabled AND can_sign_in AND mfa_required                THEN false END  AS ok,
       CASE WHEN NOT has_mfa             THEN 'has no second factor'
            WHEN NOT used                THEN 'signed in without its second factor'
            WHEN has_mfa IS NULL         THEN 'whether it has a second factor is unknown'
            ELSE coalesce(CASE used WHEN true THEN 'used its second factor when it last signed in' END,
                          CASE never WHEN true THEN 'has a second factor, and never signed in' END,
                          'whether it used its second factor is unknown') END          AS detail
FROM judged
