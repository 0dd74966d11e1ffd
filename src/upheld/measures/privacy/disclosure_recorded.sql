/*---
title    = "Disclosures are recorded"
promise  = "Each export or release of personal data to a third party that was seen has a record: what, to whom, when, and on what basis."
why      = "Whoever cannot say who has the data cannot call them back."
clauses  = ["ISO/IEC 27701:2019 8.5.3", "ISO/IEC 27701:2025 A.2.5.4", "GDPR 30(2)"]
kind     = "state"
severity = "high"
owner    = "dpo"
may_be_empty = "a company need not give data to anybody"
subjects = "exports to third parties"
---*/
WITH found AS (
    SELECT export.source, export.id, export.recipient, export.exported_at,
           count(disclosure.id)                                              AS records,
           count(disclosure.what)                                            AS said_what,
           count(disclosure.basis)                                           AS said_basis,
           bool_or(disclosure.recipient = export.recipient)                  AS to_them,
           bool_or(CAST(disclosure.disclosed_at AS DATE) = CAST(export.exported_at AS DATE))  AS that_day
    FROM export_events AS export
    LEFT JOIN disclosures AS disclosure ON disclosure.export_id = export.id
    GROUP BY export.source, export.id, export.recipient, export.exported_at
)
SELECT source || '/' || id                                                   AS subject,
       id || coalesce(', ' || recipient, '')                                 AS label,
       said_what > 0 AND said_basis > 0 AND to_them AND that_day  AS ok,
       CASE WHEN records = 0       THEN 'nobody recorded it'
            WHEN said_what = 0     THEN 'its record does not say what'
            WHEN said_basis = 0    THEN 'its record does not say on what basis'
            WHEN NOT to_them       THEN 'recorded for somebody else'
            WHEN NOT that_day      THEN 'recorded for another day'
            ELSE 'recorded' END                                              AS detail
FROM found
