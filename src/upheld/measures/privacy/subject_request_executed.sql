/*---
title    = "What data subjects ask is really done"
promise  = "After an erasure no data set still finds the person; after access the package holds every declared field of every data set."
why      = "A ticket that says done says nothing about the third database."
clauses  = ["ISO/IEC 27701:2019 8.3.1", "ISO/IEC 27701:2025 A.2.3.2", "GDPR 15", "GDPR 17"]
kind     = "state"
severity = "critical"
owner    = "dpo"
may_be_empty = "nobody need ask"
subjects = "data sets searched for requests"
---*/
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN coalesce(searched_at < done_at, true)         THEN false
            WHEN subject_right = 'erasure'                     THEN found = 0
            ELSE fields_lacking = 0 END                                      AS ok,
       CASE WHEN coalesce(searched_at < done_at, true)         THEN 'was not searched since'
            WHEN subject_right = 'erasure'                     THEN CAST(found AS TEXT) || ' rows found'
            ELSE 'the package lacks ' || CAST(fields_lacking AS TEXT) || ' fields' END  AS detail
FROM store_searches
WHERE kind = 'request'
