/*---
title    = "Demands that bind nobody are rejected"
promise  = "Nothing was disclosed on a demand that does not bind the company, unless the customer had agreed before."
why      = "An authority that asks politely has no more right to a customer's data than anybody else."
clauses  = ["ISO/IEC 27701:2019 8.5.5", "ISO/IEC 27701:2025 A.2.5.6", "GDPR 28(3)(a)", "GDPR 48"]
kind     = "never"
severity = "critical"
owner    = "dpo"
may_be_empty = "nobody need demand anything"
subjects = "demands that do not bind the company"
---*/
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       disclosed_at IS NULL OR coalesce(authorised_at <= disclosed_at, false)  AS ok,
       CASE WHEN disclosed_at IS NULL     THEN coalesce('rejected on ' || CAST(CAST(rejected_at AS DATE) AS TEXT), 'nothing was disclosed')
            WHEN authorised_at IS NULL    THEN 'disclosed without the customer having agreed'
            ELSE 'disclosed on ' || CAST(CAST(disclosed_at AS DATE) AS TEXT) || ', agreed on '
                 || CAST(CAST(authorised_at AS DATE) AS TEXT) END            AS detail
FROM legal_requests
-- What nobody assessed binds nobody yet.
WHERE binding IS NOT TRUE
