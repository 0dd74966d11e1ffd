/*---
title    = "Records are as they were entered"
promise  = "No record was altered or lost since its digest came into the ledger, and the ledger itself verifies from end to end."
why      = "A record that can be changed unseen proves nothing to anybody."
clauses  = ["ISO/IEC 27001:2022 A.5.33", "ISO/IEC 27001:2013 A.18.1.3"]
kind     = "state"
severity = "critical"
owner    = "security-lead"
subjects = "logs, evidence, files and registers"
---*/
SELECT 'kept/' || source || '/' || id                                        AS subject,
       coalesce(title, id)                                                   AS label,
       intact                                                                AS ok,
       coalesce(detail, 'whether it is as it was entered is unknown')        AS detail
FROM record_checks
UNION ALL
SELECT 'register/' || source || '/' || id,
       coalesce(title, id),
       as_recorded,
       coalesce(detail, '')
FROM register_states
