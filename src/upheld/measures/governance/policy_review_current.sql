/*---
title    = "Policies are reviewed"
promise  = "No published policy is past the date of its next review."
why      = "A policy that nobody looks at again describes a company that no longer exists."
clauses  = ["ISO/IEC 27001:2022 A.5.1", "ISO/IEC 27001:2013 A.5.1.2"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "30 days"
---*/
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       review_due_at >= $as_of                                               AS ok,
       CASE WHEN review_due_at >= $as_of   THEN 'to be reviewed by ' || CAST(CAST(review_due_at AS DATE) AS TEXT)
            WHEN review_due_at IS NULL     THEN 'when it is to be reviewed is unknown'
            ELSE 'should have been reviewed by ' || CAST(CAST(review_due_at AS DATE) AS TEXT) END  AS detail,
       review_due_at                                                         AS flips_at
FROM policies
-- Not applicable: what was never published.
WHERE version_id IS NOT NULL
