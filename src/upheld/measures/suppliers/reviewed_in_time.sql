/*---
title    = "Suppliers are looked at again in time"
promise  = "Every supplier was reviewed or audited within the interval of its risk class; its approval counts as the first review."
why      = "A supplier that was good when it was chosen has had years to change."
clauses  = ["ISO/IEC 27001:2022 A.5.22", "ISO/IEC 27001:2013 A.15.2.1"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "60 days"
duty     = { do = "Review each supplier of critical risk", action = "suppliers.review-supplier", every = "review_interval_critical" }
parameters = ["review_interval_critical", "review_interval_high", "review_interval_medium", "review_interval_low"]
subjects = "suppliers"
---*/
WITH due AS (
    SELECT source, id,
           CASE tier
                WHEN 'critical' THEN reviewed_at + $review_interval_critical
                WHEN 'high'     THEN reviewed_at + $review_interval_high
                WHEN 'medium'   THEN reviewed_at + $review_interval_medium
                WHEN 'low'      THEN reviewed_at + $review_interval_low END  AS due_at
    FROM suppliers
)
SELECT supplier.source || '/' || supplier.id                                 AS subject,
       coalesce(supplier.title, supplier.id)                                 AS label,
       -- Of an unknown class nobody can say how often is enough; never is not enough for any.
       CASE WHEN supplier.reviewed_at IS NULL THEN false
            ELSE due.due_at >= $as_of END                                    AS ok,
       CASE WHEN supplier.reviewed_at IS NULL THEN 'never looked at'
            ELSE 'last looked at on ' || CAST(CAST(supplier.reviewed_at AS DATE) AS TEXT)
                 || coalesce(', of ' || supplier.tier || ' risk', ', its risk class is unknown') END  AS detail,
       due.due_at                                                            AS flips_at
FROM suppliers AS supplier
JOIN due USING (source, id)
-- Not applicable: who is not engaged yet, or no longer.
WHERE supplier.from_on <= CAST($as_of AS DATE)
  AND coalesce(supplier.until_on >= CAST($as_of AS DATE), true)
