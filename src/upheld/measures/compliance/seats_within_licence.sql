/*---
title    = "Licences cover what is used"
promise  = "No product is installed on more machines, or used by more people, than its licences in force cover."
why      = "The vendor counts too, and sends a bill for every year."
clauses  = ["ISO/IEC 27001:2022 A.5.32", "ISO/IEC 27001:2013 A.18.1.2"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "30 days"
subjects = "licensed products"
---*/
WITH judged AS (
    SELECT source, id, product_id, title, counted, seats, packages, system_id, until_on,
           from_on <= CAST($as_of AS DATE) AND coalesce(until_on >= CAST($as_of AS DATE), true)  AS in_force
    FROM licences
),
covered AS (
    SELECT source, product_id, counted, max(title) AS title,
           coalesce(sum(seats) FILTER (in_force), 0)                         AS seats,
           coalesce(bool_or(in_force AND seats IS NULL), false)              AS unlimited,
           CAST(min(until_on) FILTER (in_force) AS TIMESTAMP) + INTERVAL 1 DAY  AS ends_at
    FROM judged
    GROUP BY source, product_id, counted
),
-- Whoever once had a licence is counted after its end as well.
used AS (
    SELECT judged.source, judged.product_id, judged.counted, package.system_id AS user_of, true AS sure
    FROM judged
    JOIN packages AS package ON list_contains(judged.packages, package.name)
    WHERE judged.counted = 'hosts'
    UNION
    SELECT judged.source, judged.product_id, judged.counted, account.source || '/' || account.id,
           -- Unknown whether it is a person's, or whether it is enabled: perhaps.
           account.kind IS NOT NULL AND account.enabled IS NOT NULL
    FROM judged
    JOIN accounts AS account ON account.system_id = judged.system_id
    WHERE judged.counted = 'users' AND coalesce(account.kind, 'person') = 'person' AND account.enabled IS NOT FALSE
),
tallied AS (
    SELECT source, product_id, counted, count(*) AS perhaps, count(*) FILTER (sure) AS uses
    FROM used
    GROUP BY source, product_id, counted
),
summed AS (
    SELECT covered.source, covered.product_id, covered.counted, covered.title, covered.seats, covered.unlimited, covered.ends_at,
           coalesce(tallied.uses, 0)                                         AS uses,
           coalesce(tallied.perhaps, 0)                                      AS perhaps
    FROM covered
    LEFT JOIN tallied USING (source, product_id, counted)
)
SELECT source || '/' || product_id || '/' || counted                         AS subject,
       coalesce(title, product_id)                                           AS label,
       CASE WHEN unlimited OR perhaps <= seats   THEN true
            WHEN uses > seats                    THEN false END              AS ok,
       CASE WHEN unlimited                THEN CAST(uses AS TEXT) || ' ' || counted || ', without a limit'
            WHEN uses > seats             THEN CAST(uses AS TEXT) || ' ' || counted || ', but licences in force cover ' || CAST(seats AS TEXT)
            WHEN perhaps <= seats         THEN CAST(perhaps AS TEXT) || ' of ' || CAST(seats AS TEXT) || ' ' || counted
            ELSE CAST(uses AS TEXT) || ' of ' || CAST(seats AS TEXT) || ' ' || counted || ', and ' || CAST(perhaps - uses AS TEXT) || ' that may count' END  AS detail,
       CASE WHEN perhaps > 0 THEN ends_at END                                AS flips_at
FROM summed
