/*---
title    = "Business roles are reviewed"
promise  = "Every business role of the access policy was reviewed by whoever answers for it, within the interval."
why      = "Roles gather rights as jobs change; only somebody who looks notices what is no longer needed."
clauses  = ["ISO/IEC 27001:2022 A.5.15", "ISO/IEC 27001:2013 A.9.1.1"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "30 days"
duty     = { do = "Review what the role gives", action = "authorization.review-role", every = "role_review_interval" }
parameters = ["role_review_interval"]
---*/
WITH judged AS (
    SELECT source, id, title, owner_id, reviewed_at, declared_at,
           -- A role is looked at when it is declared; from then on its owner does.
           coalesce(reviewed_at, declared_at) + $role_review_interval        AS by_at,
           CASE WHEN owner_id IS NULL                                              THEN 'unowned'
                WHEN reviewed_at IS NOT NULL AND reviewed_by_id IS NULL            THEN 'by whom'
                WHEN reviewed_by_id <> owner_id                                    THEN 'others'
                WHEN coalesce(reviewed_at, declared_at) + $role_review_interval >= $as_of  THEN 'reviewed'
                WHEN coalesce(reviewed_at, declared_at) IS NULL                    THEN 'undated'
                ELSE 'late' END                                              AS finding
    FROM business_roles
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN finding = 'reviewed'                        THEN true
            WHEN finding IN ('unowned', 'others', 'late')    THEN false END  AS ok,
       CASE finding
            WHEN 'unowned'  THEN 'nobody answers for it'
            WHEN 'by whom'  THEN 'who reviewed it is unknown'
            WHEN 'others'   THEN 'was reviewed by somebody who does not answer for it'
            WHEN 'undated'  THEN 'when it was reviewed is unknown'
            ELSE coalesce('last reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT),
                          'never reviewed since ' || CAST(CAST(declared_at AS DATE) AS TEXT)) END  AS detail,
       by_at                                                                 AS flips_at
FROM judged
