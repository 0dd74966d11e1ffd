/*---
title    = "Policies are reviewed after significant change"
promise  = "After each significant change that touches a policy, the policy was reviewed within the agreed time."
why      = "What an incident taught is lost unless somebody asks whether the rule was wrong."
clauses  = ["ISO/IEC 27001:2022 A.5.1", "ISO/IEC 27001:2013 A.5.1.2"]
kind     = "deadline"
severity = "medium"
owner    = "security-lead"
warn     = "7 days"
parameters = ["change_review_within"]
may_be_empty = "nothing significant need have happened"
---*/
WITH answered AS (
    SELECT change.source, change.id,
           min(review.reviewed_at)                                                    AS reviewed_at
    FROM policy_changes AS change
    JOIN policy_reviews AS review USING (source, policy_id)
    WHERE review.reviewed_at >= change.happened_at
    GROUP BY change.source, change.id
),
judged AS (
    SELECT change.source, change.id, change.policy_id, change.kind, change.happened_at + $change_review_within AS until_at, answered.reviewed_at,
           CASE WHEN answered.reviewed_at <= change.happened_at + $change_review_within   THEN 'in time'
                WHEN answered.reviewed_at IS NOT NULL                            THEN 'late'
                WHEN change.happened_at + $change_review_within < $as_of                  THEN 'missing'
                WHEN change.happened_at IS NULL                                           THEN 'undated'
                ELSE 'waiting' END                                           AS finding
    FROM policy_changes AS change
    LEFT JOIN answered USING (source, id)
)
SELECT judged.source || '/' || judged.id                                     AS subject,
       coalesce(policy.title, judged.policy_id) || ', ' || judged.kind       AS label,
       CASE WHEN finding IN ('in time', 'waiting')   THEN true
            WHEN finding <> 'undated'                THEN false END          AS ok,
       CASE finding
            WHEN 'in time'   THEN 'reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT)
            WHEN 'late'      THEN 'reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT) || ', due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            WHEN 'missing'   THEN 'not reviewed, due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            WHEN 'undated'   THEN 'when it happened is unknown'
            ELSE 'to be reviewed by ' || CAST(CAST(until_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN finding = 'waiting' THEN until_at END                       AS flips_at
FROM judged
LEFT JOIN (SELECT source, id AS policy_id, title FROM policies) AS policy USING (source, policy_id)
