/*---
title    = "Data are processed only as instructed"
promise  = "Each processing of a customer's data, seen or on the data map, falls under an instruction of that customer in force for that purpose and category."
why      = "Whoever decides itself what to do with a customer's data is no processor any more, and answers as a controller (GDPR 28(10))."
clauses  = ["ISO/IEC 27701:2019 8.2.2", "ISO/IEC 27701:2025 A.2.2.3", "GDPR 28(3)(a)", "GDPR 29"]
kind     = "never"
severity = "critical"
owner    = "dpo"
subjects = "processings that were seen or are on the data map"
optional = ["processing_events"]
---*/
WITH told AS (
    SELECT instruction.customer_id, instruction.purpose, category.name AS data_category, instruction.from_on, instruction.until_on,
           instruction.suspended_at, instruction.settled_at
    FROM instructions AS instruction CROSS JOIN unnest(instruction.data_categories) AS category(name)
    -- What nobody assessed is not followed yet.
    WHERE instruction.assessed_at IS NOT NULL
),
done AS (
    SELECT 'seen' AS kind, source, id, CAST(NULL AS TEXT) AS title, customer_id, purpose, data_category, happened_at
    FROM processing_events
    UNION ALL
    SELECT 'map', source, id, title, customer_id, purpose, data_category, $as_of
    FROM processing_scopes
),
found AS (
    SELECT done.kind, done.source, done.id, done.title, done.customer_id, done.purpose, done.data_category, done.happened_at,
           count(told.purpose)                                               AS instructions
    FROM done
    LEFT JOIN told
        ON told.customer_id = done.customer_id AND told.purpose = done.purpose AND told.data_category = done.data_category
        AND told.from_on <= CAST(done.happened_at AS DATE) AND coalesce(told.until_on >= CAST(done.happened_at AS DATE), true)
        -- Suspended, it is not followed until it is settled.
        AND coalesce(done.happened_at < told.suspended_at OR done.happened_at >= told.settled_at, told.suspended_at IS NULL)
    GROUP BY done.kind, done.source, done.id, done.title, done.customer_id, done.purpose, done.data_category, done.happened_at
)
SELECT kind || '/' || source || '/' || id                                    AS subject,
       coalesce(title, id) || coalesce(', ' || customer_id, '') || coalesce(', ' || purpose, '')  AS label,
       CASE WHEN instructions > 0 THEN true
            WHEN customer_id IS NOT NULL AND purpose IS NOT NULL AND data_category IS NOT NULL AND happened_at IS NOT NULL THEN false END  AS ok,
       CASE WHEN instructions > 0 THEN 'instructed'
            ELSE 'no instruction in force of ' || coalesce(customer_id, 'a customer that was not told') || ' for '
                 || coalesce(purpose, 'a purpose that was not told') || ' with '
                 || coalesce(data_category, 'data that were not told') END   AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM found
