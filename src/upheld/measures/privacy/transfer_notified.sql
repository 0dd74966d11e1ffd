/*---
title    = "Customers hear of transfers in time"
promise  = "Every customer concerned was told of each transfer to another jurisdiction, and each change of its basis, as long before as agreed, and none went on over its objection."
why      = "In another country another law holds. A customer that hears of it afterwards answers for it all the same."
clauses  = ["ISO/IEC 27701:2019 8.5.1", "ISO/IEC 27701:2025 A.2.5.2", "GDPR 28(3)(a)", "GDPR 44"]
kind     = "deadline"
severity = "high"
owner    = "dpo"
may_be_empty = "data need not go anywhere"
subjects = "customers to be told of transfers"
---*/
WITH told AS (
    SELECT change.source, change.id, change.announcement_id, change.customer_id, change.title, change.period, notice.delivered_at,
           notice.bounced_at, CAST(change.done_on AS TIMESTAMP)              AS done_at
    FROM announced_changes AS change
    LEFT JOIN customer_notices AS notice
        ON notice.source = change.source AND notice.announcement_id = change.announcement_id
        AND notice.customer_id = change.customer_id
    -- Not applicable: what is only planned. Its start is refused until it may.
    WHERE change.kind = 'transfer' AND change.done_on IS NOT NULL
),
overridden AS (
    SELECT told.source, told.id, count(*)                                    AS objections
    FROM told
    JOIN objections AS objection
        ON objection.source = told.source AND objection.announcement_id = told.announcement_id
        AND objection.customer_id = told.customer_id
    -- Open at the end of the day on which it started, or open still.
    WHERE (objection.raised_at < told.done_at + INTERVAL 1 DAY AND objection.settled_at >= told.done_at + INTERVAL 1 DAY)
       OR objection.settled_at IS NULL
    GROUP BY told.source, told.id
),
found AS (
    SELECT told.source, told.id, told.title, told.delivered_at, told.bounced_at, told.done_at,
           overridden.objections IS NOT NULL                                 AS overridden,
           told.delivered_at + told.period <= told.done_at                   AS in_time
    FROM told
    LEFT JOIN overridden ON overridden.source = told.source AND overridden.id = told.id
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN overridden OR delivered_at IS NULL THEN false ELSE in_time END  AS ok,
       CASE WHEN overridden             THEN 'it goes on while the customer objects'
            WHEN bounced_at IS NOT NULL AND delivered_at IS NULL THEN 'its notice came back'
            WHEN delivered_at IS NULL   THEN 'nothing proves that it was told'
            WHEN in_time IS NULL        THEN 'how long before it is to be told is not known'
            ELSE 'told on ' || CAST(CAST(delivered_at AS DATE) AS TEXT) || ', done on ' || CAST(CAST(done_at AS DATE) AS TEXT) END  AS detail
FROM found
