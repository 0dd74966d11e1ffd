/*---
title    = "Contracts say how we assist"
promise  = "With every customer whose personal data we process, a contract is in force that has every clause the law demands, with how we assist."
why      = "What a processor must do for the controller is law; how, and how fast, is what the contract says."
clauses  = ["ISO/IEC 27701:2019 8.2.1", "ISO/IEC 27701:2025 A.2.2.2", "GDPR 28(3)", "GDPR 28(3)(e)", "GDPR 28(3)(f)"]
kind     = "state"
severity = "high"
owner    = "dpo"
warn     = "60 days"
subjects = "customers"
---*/
WITH in_force AS (
    SELECT contract.source, contract.customer_id, contract.until_on, clause.name AS clause
    FROM customer_contracts AS contract CROSS JOIN unnest(contract.clauses) AS clause(name)
    -- What nobody held against the signed text is a claim.
    WHERE contract.checked_at IS NOT NULL
      AND contract.processes_personal_data
      AND contract.from_on <= CAST($as_of AS DATE)
      AND coalesce(contract.until_on >= CAST($as_of AS DATE), true)
),
-- What GDPR 28(3) demands.
demanded AS (
    SELECT customer.source, customer.id, clause.name AS clause
    FROM customers AS customer CROSS JOIN unnest([
        'instructions', 'confidentiality', 'security', 'subprocessors', 'data-subject-rights', 'breach-assistance',
        'impact-assessment-assistance', 'deletion-or-return', 'audit', 'infringing-instructions'
    ]) AS clause(name)
),
agreed AS (
    SELECT demanded.source, demanded.id, demanded.clause,
           count(contract.clause) > 0                                        AS agreed,
           -- A contract without an end runs for ever.
           CASE WHEN bool_or(contract.until_on IS NULL) THEN NULL ELSE max(contract.until_on) END  AS until_on
    FROM demanded
    LEFT JOIN in_force AS contract
        ON contract.source = demanded.source AND contract.customer_id = demanded.id AND contract.clause = demanded.clause
    GROUP BY demanded.source, demanded.id, demanded.clause
),
found AS (
    SELECT source, id,
           bool_and(agreed)                                                  AS agreed,
           string_agg(clause, ', ' ORDER BY clause) FILTER (NOT agreed)      AS missing,
           min(until_on)                                                     AS until_on
    FROM agreed
    GROUP BY source, id
),
-- Not applicable: whose contracts all say that no personal data are processed. Of whom there is none, that is not known.
processed AS (
    SELECT customer.source, customer.id
    FROM customers AS customer
    LEFT JOIN customer_contracts AS contract ON contract.source = customer.source AND contract.customer_id = customer.id
    GROUP BY customer.source, customer.id
    HAVING bool_or(coalesce(contract.processes_personal_data, true))
)
SELECT customer.source || '/' || customer.id                                 AS subject,
       coalesce(customer.title, customer.id)                                 AS label,
       found.agreed                                                          AS ok,
       coalesce('no contract in force has ' || found.missing,
                coalesce('agreed until ' || CAST(found.until_on AS TEXT), 'agreed without an end'))  AS detail,
       CAST(found.until_on AS TIMESTAMP) + INTERVAL 1 DAY                    AS flips_at
FROM customers AS customer
JOIN found USING (source, id)
JOIN processed USING (source, id)
-- Not applicable: who is no customer yet, or no longer.
WHERE customer.from_on <= CAST($as_of AS DATE)
  AND coalesce(customer.until_on >= CAST($as_of AS DATE), true)
