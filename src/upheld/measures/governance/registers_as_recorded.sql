/*---
title    = "Registers are as the ledger recorded them"
promise  = "No record was changed, added or deleted behind the product's back: each is as the last entry of the ledger says."
why      = "Whoever can rewrite the records can make every promise that rests on them come true."
clauses  = ["ISO/IEC 27001:2022 A.5.33", "ISO/IEC 27001:2013 A.18.1.3"]
kind     = "state"
severity = "critical"
owner    = "security-lead"
subjects = "registers and altered records"
---*/
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       as_recorded                                                           AS ok,
       coalesce(detail, '')                                                  AS detail
FROM register_states
