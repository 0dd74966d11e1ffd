/*---
title    = "At a contract's end the data are returned and erased"
promise  = "Each ended contract's data were returned where the customer wants that, erased in time, and no data set still has a row of theirs."
why      = "The contract is over, and with it every reason to have the data."
clauses  = ["ISO/IEC 27701:2019 8.4.2", "ISO/IEC 27701:2025 A.2.4.3", "GDPR 28(3)(g)"]
kind     = "deadline"
severity = "high"
owner    = "dpo"
warn     = "14 days"
may_be_empty = "contracts need not end"
subjects = "ended contracts"
---*/
WITH left_over AS (
    SELECT source, of_id, count(*) FILTER (WHERE coalesce(searched_at < done_at, true))  AS unsearched, sum(found)  AS rows_left
    FROM store_searches
    WHERE kind = 'contract'
    GROUP BY source, of_id
),
ended AS (
    SELECT contract.source, contract.id, contract.title, contract.due_at, contract.erased_at,
           coalesce(left_over.unsearched, 0) AS unsearched, coalesce(left_over.rows_left, 0) AS rows_left,
           -- Whoever wants its data has them before they are erased.
           contract.choice = 'erase' OR coalesce(contract.returned_at <= contract.erased_at, false)  AS returned
    FROM contract_ends AS contract
    LEFT JOIN left_over ON left_over.source = contract.source AND left_over.of_id = contract.id
    -- Not applicable: what has not ended yet.
    WHERE contract.until_on < CAST($as_of AS DATE)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN erased_at IS NULL THEN due_at >= $as_of
            ELSE erased_at <= due_at AND returned AND unsearched = 0 AND rows_left = 0 END  AS ok,
       CASE WHEN erased_at IS NULL THEN 'not erased, due on ' || coalesce(CAST(CAST(due_at AS DATE) AS TEXT), 'a day that is not known')
            WHEN NOT returned      THEN 'erased before the customer had its data'
            WHEN rows_left > 0     THEN CAST(rows_left AS TEXT) || ' rows are left'
            WHEN unsearched > 0    THEN CAST(unsearched AS TEXT) || ' data sets were not searched since'
            ELSE 'erased on ' || CAST(CAST(erased_at AS DATE) AS TEXT) END   AS detail,
       CASE WHEN erased_at IS NULL THEN due_at END                           AS flips_at
FROM ended
