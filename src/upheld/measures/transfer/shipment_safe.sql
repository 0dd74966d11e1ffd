/*---
title    = "Media arrive safe"
promise  = "Every medium that was sent was encrypted and sealed, went with an approved courier, and arrived whole by its day."
why      = "A medium on its way is in nobody's building."
clauses  = ["ISO/IEC 27001:2022 A.7.10", "ISO/IEC 27001:2022 A.5.14", "ISO/IEC 27001:2013 A.8.3.3"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "1 day"
may_be_empty = "no medium need ever be sent"
parameters = ["shipments_looked_back"]
---*/
WITH judged AS (
    SELECT source, id, title,
           concat_ws(', ',
               CASE WHEN NOT encrypted          THEN 'not encrypted' END,
               CASE WHEN seal IS NULL           THEN 'without a seal' END,
               CASE WHEN NOT courier_approved   THEN 'with a courier who was not approved' END,
               CASE WHEN NOT seal_intact        THEN 'the seal was broken' END,
               CASE WHEN NOT undamaged          THEN 'it was damaged' END,
               CASE WHEN CAST(received_at AS DATE) > due_on                              THEN 'it arrived late'
                    WHEN received_at IS NULL AND due_on < CAST($as_of AS DATE)           THEN 'it has not arrived' END)  AS faults,
           encrypted AND courier_approved AND due_on IS NOT NULL
               AND (received_at IS NULL OR (seal_intact AND undamaged))      AS told,
           CASE WHEN received_at IS NULL THEN CAST(due_on AS TIMESTAMP) + INTERVAL 1 DAY END  AS flips_at
    FROM shipments
    -- Not applicable: what everybody may know.
    WHERE coalesce(content <> 'public', true) AND coalesce(sent_at >= $as_of - $shipments_looked_back, true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN faults <> ''   THEN false
            WHEN told           THEN true END                                AS ok,
       CASE WHEN faults <> ''             THEN faults
            WHEN NOT coalesce(told, false)   THEN 'not all of it is known'
            ELSE 'arrived whole, or is on its way' END                                         AS detail,
       flips_at
FROM judged
