/*---
title    = "A second factor is required"
promise  = "Every account that can sign in to a system where a second factor is required has one."
why      = "Passwords are guessed, reused and phished; a second factor is what stands behind them."
clauses  = ["ISO/IEC 27001:2022 A.8.5", "ISO/IEC 27001:2013 A.9.4.2", "GDPR 32(1)(b)"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
scope = "row"
row = "accounts"
---*/
SELECT account.source || '/' || account.id                                   AS subject,
       account.user_name || ' on ' || coalesce(system.name, account.system_id)  AS label,
       CASE WHEN account.has_mfa                                                                                      THEN true
            WHEN NOT account.has_mfa AND account.enabled AND account.can_sign_in AND system.mfa_required              THEN false
            END                                                              AS ok,
       CASE account.has_mfa
            WHEN true  THEN 'has a second factor'
            WHEN false THEN 'has no second factor' || CASE system.mfa_required WHEN true THEN '' ELSE '; whether one is required is unknown' END
            ELSE 'whether it has a second factor is unknown' END             AS detail
FROM accounts AS account
LEFT JOIN systems AS system ON system.id = account.system_id
-- Not applicable: systems that require none, and what nobody can sign in to.
WHERE system.mfa_required IS NOT FALSE
  AND account.enabled IS NOT FALSE
  AND account.can_sign_in IS NOT FALSE
