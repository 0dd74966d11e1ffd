/*---
title    = "Sub-processors are engaged as contracts allow"
promise  = "Each sub-processor in use is allowed by the contract of every customer whose data it has, and its terms pass on what that contract says."
why      = "A customer that allowed nobody else did not mean nobody else it knows of. What it was promised must bind whoever has its data."
clauses  = ["ISO/IEC 27701:2019 8.5.7", "ISO/IEC 27701:2025 A.2.5.8", "GDPR 28(2)", "GDPR 28(4)"]
kind     = "state"
severity = "critical"
owner    = "dpo"
may_be_empty = "a company need not engage anybody"
subjects = "customers whose data sub-processors have"
---*/
WITH demanded AS (
    SELECT customer.source, customer.id, customer.shared_id, clause.name AS clause
    FROM shared_customers AS customer CROSS JOIN unnest(customer.clauses) AS clause(name)
),
passed_on AS (
    SELECT subprocessor.source, subprocessor.id, clause.name AS clause
    FROM subprocessors AS subprocessor CROSS JOIN unnest(subprocessor.flow_down) AS clause(name)
    WHERE subprocessor.terms IS NOT NULL
),
lacking AS (
    SELECT demanded.source, demanded.id, string_agg(demanded.clause, ', ' ORDER BY demanded.clause)  AS clauses
    FROM demanded
    LEFT JOIN passed_on
        ON passed_on.source = demanded.source AND passed_on.id = demanded.shared_id AND passed_on.clause = demanded.clause
    WHERE passed_on.clause IS NULL
    GROUP BY demanded.source, demanded.id
),
authorised AS (
    SELECT source, shared_id, customer_id, min(authorised_at)                AS authorised_at
    FROM customer_notices
    WHERE kind = 'sub-processor'
    GROUP BY source, shared_id, customer_id
),
engaged AS (
    SELECT customer.source, customer.id, customer.title, customer.checked, customer.authorisation, lacking.clauses AS lacking,
           CASE WHEN customer.agreed_on IS NOT NULL           THEN true      -- its contract names it, whatever it says of others
                WHEN customer.authorisation = 'general'       THEN true
                WHEN customer.authorisation = 'specific'
                    THEN coalesce(authorised.authorised_at < CAST(customer.used_from_on AS TIMESTAMP) + INTERVAL 1 DAY, false)
                WHEN customer.authorisation = 'none'          THEN false END  AS allowed
    FROM shared_customers AS customer
    JOIN subprocessors AS subprocessor ON subprocessor.source = customer.source AND subprocessor.id = customer.shared_id
    LEFT JOIN lacking ON lacking.source = customer.source AND lacking.id = customer.id
    LEFT JOIN authorised
        ON authorised.source = customer.source AND authorised.shared_id = customer.shared_id
        AND authorised.customer_id = customer.customer_id
    -- Not applicable: what ended.
    WHERE customer.kind = 'sub-processor' AND coalesce(subprocessor.ended_on >= CAST($as_of AS DATE), true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       checked AND allowed AND lacking IS NULL                               AS ok,
       CASE WHEN NOT checked            THEN 'nobody checked the contract against its signed text'
            WHEN NOT allowed AND authorisation = 'none' THEN 'the contract lets nobody else process its data'
            WHEN NOT allowed            THEN 'the customer had not authorised it when it was used'
            ELSE coalesce('its terms do not pass on: ' || lacking,
                          'the contract says ' || coalesce(authorisation, 'what is not known')
                          || ', checked: ' || coalesce(CAST(checked AS TEXT), 'not known')) END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM engaged
