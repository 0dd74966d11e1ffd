/*---
title    = "Sub-processors are disclosed before use"
promise  = "No customer's data went to a sub-processor before that customer knew of it, by its contract or by a notice that arrived."
why      = "Whoever learns afterwards where its data are can only complain."
clauses  = ["ISO/IEC 27701:2019 8.5.6", "ISO/IEC 27701:2025 A.2.5.7", "GDPR 28(2)"]
kind     = "never"
severity = "critical"
owner    = "dpo"
may_be_empty = "a company need not engage anybody"
subjects = "customers whose data sub-processors have"
---*/
WITH known AS (
    SELECT source, shared_id, customer_id, min(delivered_at)                 AS known_at
    FROM customer_notices
    WHERE kind = 'sub-processor'
    GROUP BY source, shared_id, customer_id
),
used AS (
    SELECT customer.source, customer.id, customer.title, customer.used_from_on, customer.agreed_on, known.known_at,
           coalesce(customer.agreed_on <= customer.used_from_on, false)      AS agreed_first,
           coalesce(known.known_at <= CAST(customer.used_from_on AS TIMESTAMP), false)  AS told_first
    FROM shared_customers AS customer
    LEFT JOIN known
        ON known.source = customer.source AND known.shared_id = customer.shared_id AND known.customer_id = customer.customer_id
    WHERE customer.kind = 'sub-processor'
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN used_from_on IS NOT NULL THEN agreed_first OR told_first END  AS ok,
       CASE WHEN used_from_on IS NULL THEN 'since when it is used is not known'
            WHEN agreed_first         THEN 'named in the contract of ' || CAST(agreed_on AS TEXT)
            WHEN told_first           THEN 'known since ' || CAST(CAST(known_at AS DATE) AS TEXT)
            ELSE 'used since ' || CAST(used_from_on AS TEXT)
                 || coalesce(', known since ' || CAST(CAST(known_at AS DATE) AS TEXT), ', and nothing proves that it was told') END  AS detail
FROM used
