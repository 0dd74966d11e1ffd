/*---
title    = "Passwords are stored safely"
promise  = "No stored password uses a weak scheme: clear text, MD5, SHA-1, or without salt."
why      = "When a list of stored passwords leaks, the scheme decides whether they are known within minutes or not at all."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2013 A.9.4.3", "GDPR 32(1)(a)"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
parameters = ["strong_schemes"]
optional = ["systems"]
scope = "row"
row = "accounts"
---*/
SELECT account.source || '/' || account.id                                   AS subject,
       account.user_name || ' on ' || coalesce(system.name, account.system_id)  AS label,
       list_contains($strong_schemes, account.password_scheme)               AS ok,
       coalesce('its password is stored as ' || account.password_scheme, 'how its password is stored is unknown')  AS detail
FROM accounts AS account
LEFT JOIN systems AS system ON system.id = account.system_id
-- Not applicable: accounts without a password. One that is switched off still has its password stored.
WHERE coalesce(account.password_scheme, 'unknown') NOT IN ('locked', 'none')
