/*---
title    = "The record of processing is complete"
promise  = "Each kind of processing of personal data is recorded with all that the law wants recorded, and confirmed within the agreed interval."
why      = "The record is what a supervisory authority asks for first. One that nobody looked at for years describes another company."
clauses  = ["ISO/IEC 27701:2019 8.2.6", "ISO/IEC 27701:2025 A.2.2.7", "GDPR 30(1)", "GDPR 30(2)"]
kind     = "cadence"
severity = "medium"
owner    = "dpo"
warn     = "30 days"
subjects = "processings"
duty     = { do = "Confirm each processing in the record", action = "privacy.confirm-processing", every = "record_interval" }
parameters = ["record_interval"]
---*/
WITH lacking AS (
    SELECT source, id, title, confirmed_at,
           concat_ws(', ',
               CASE WHEN operations IS NULL THEN 'what is done' END,
               CASE WHEN transfers IS NULL THEN 'transfers' END,
               CASE WHEN security IS NULL THEN 'security' END,
               CASE WHEN contact IS NULL THEN 'contact' END,
               CASE WHEN coalesce(array_length(data_categories), 0) = 0 THEN 'data categories' END,
               -- Whose processor one is (GDPR 30(2)(a)).
               CASE WHEN capacity <> 'controller' AND coalesce(array_length(customers), 0) = 0 THEN 'customers' END,
               -- What 30(1) wants of controllers beyond that.
               CASE WHEN capacity <> 'processor' AND data_subjects IS NULL THEN 'data subjects' END,
               CASE WHEN capacity <> 'processor' AND recipients IS NULL THEN 'recipients' END,
               CASE WHEN capacity <> 'processor' AND retention IS NULL THEN 'retention' END,
               CASE WHEN capacity IS NULL THEN 'for whom' END
           )                                                                 AS fields
    FROM processings
    -- Not applicable: what is done no more.
    WHERE coalesce(ended_on >= CAST($as_of AS DATE), true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       fields = '' AND coalesce(confirmed_at >= $as_of - $record_interval, false)  AS ok,
       CASE WHEN fields <> ''            THEN 'lacks ' || fields
            WHEN confirmed_at IS NULL    THEN 'not confirmed since it was written'
            ELSE 'confirmed on ' || CAST(CAST(confirmed_at AS DATE) AS TEXT) END  AS detail,
       confirmed_at + $record_interval                                       AS flips_at
FROM lacking
