/*---
title    = "Independent reviews are current"
promise  = "Independent reviews covered every chapter within their interval, and one followed each significant change that called for it."
why      = "Who does the work does not see what they always overlook."
clauses  = ["ISO/IEC 27001:2022 A.5.35", "ISO/IEC 27001:2013 A.18.2.1"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "60 days"
parameters = ["independent_review_interval", "review_after_change_within"]
subjects = "chapters and significant changes"
---*/
WITH covered AS (
    SELECT scope.name                                                        AS id,
           max(audit.ended_on)                                               AS ended_on
    FROM audit_scopes AS scope
    JOIN audits AS audit ON audit.source = scope.source AND audit.id = scope.audit_id
    WHERE scope.kind = 'chapter'
    GROUP BY scope.name
),
followed AS (
    SELECT change.id,
           min(audit.ended_on)                                               AS ended_on
    FROM policy_changes AS change
    JOIN audits AS audit ON audit.source = change.source AND audit.follows = change.id
    WHERE audit.ended_on >= CAST(change.happened_at AS DATE)
    GROUP BY change.id
),
judged AS (
    SELECT 'chapter/' || chapter.id                                          AS subject,
           'Chapter ' || chapter.id                                          AS label,
           covered.ended_on,
           CAST(covered.ended_on AS TIMESTAMP) + $independent_review_interval  AS until_at,
           CASE WHEN CAST(covered.ended_on AS TIMESTAMP) + $independent_review_interval >= $as_of  THEN 'covered'
                WHEN covered.ended_on IS NOT NULL                                THEN 'long ago'
                ELSE 'never' END                                             AS finding
    FROM promise_chapters AS chapter
    LEFT JOIN covered USING (id)
    UNION ALL
    SELECT 'change/' || change.id,
           'After: ' || coalesce(change.what, change.id),
           followed.ended_on,
           change.happened_at + $review_after_change_within,
           CASE WHEN change.happened_at IS NULL                                  THEN 'undated'
                WHEN CAST(followed.ended_on AS TIMESTAMP) <= change.happened_at + $review_after_change_within  THEN 'followed'
                WHEN followed.ended_on IS NOT NULL                               THEN 'late'
                WHEN change.happened_at + $review_after_change_within < $as_of   THEN 'missing'
                ELSE 'waiting' END
    FROM policy_changes AS change
    LEFT JOIN followed USING (id)
)
SELECT subject,
       label,
       CASE WHEN finding IN ('covered', 'followed', 'waiting')   THEN true
            WHEN finding <> 'undated'                            THEN false END  AS ok,
       CASE finding
            WHEN 'covered'    THEN 'last reviewed on ' || CAST(ended_on AS TEXT)
            WHEN 'long ago'   THEN 'last reviewed on ' || CAST(ended_on AS TEXT) || ', too long ago'
            WHEN 'never'      THEN 'no independent review that covered it has ended'
            WHEN 'undated'    THEN 'when it happened is unknown'
            WHEN 'followed'   THEN 'reviewed on ' || CAST(ended_on AS TEXT)
            WHEN 'late'       THEN 'reviewed on ' || CAST(ended_on AS TEXT) || ', due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            WHEN 'missing'    THEN 'not followed by a review, due by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            ELSE 'a review is to follow by ' || CAST(CAST(until_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN finding <> 'followed' THEN until_at END                     AS flips_at
FROM judged
