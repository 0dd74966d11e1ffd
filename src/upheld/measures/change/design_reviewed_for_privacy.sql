/*---
title    = "Designs are reviewed for privacy"
promise  = "Every change that touches personal data had its design reviewed for data protection by somebody else, and passed, before it was approved and landed."
why      = "What a design collects too much is collected for years."
clauses  = ["GDPR 25(1)", "GDPR 25(2)", "ISO/IEC 27001:2022 A.8.27", "ISO/IEC 27001:2022 A.5.34"]
kind     = "never"
severity = "high"
owner    = "development"
parameters = ["privacy_labels", "changes_looked_back"]
subjects = "changes and commits"
may_be_empty = "no change need touch personal data"
---*/
WITH passed AS (
    SELECT review.change_id, min(review.reviewed_at) AS reviewed_at
    FROM design_reviews AS review
    JOIN changes AS change ON change.id = review.change_id
    WHERE review.passed
      AND review.person_id <> change.requested_by_id
    GROUP BY review.change_id
),
named AS (
    SELECT commit.source, commit.id, change.id AS change_id
    FROM commits AS commit CROSS JOIN unnest(commit.changes) AS change(id)
),
covered AS (
    SELECT named.source, named.id, min(passed.reviewed_at)                   AS reviewed_at
    FROM named
    JOIN passed USING (change_id)
    GROUP BY named.source, named.id
),
labels AS (
    SELECT commit.source, commit.id, label.word
    FROM commits AS commit CROSS JOIN unnest(commit.labels) AS label(word)
),
labelled AS (
    SELECT source, id, count(*) AS times
    FROM labels
    WHERE word IN $privacy_labels
    GROUP BY source, id
),
judged AS (
    SELECT 'commit/' || commit.source || '/' || commit.id                    AS subject,
           substr(commit.oid, 1, 12) || ' in ' || commit.repository_id || coalesce(': ' || commit.title, '')  AS label,
           commit.labels IS NOT NULL                                         AS touches,
           covered.reviewed_at,
           -- Our own clock says when it landed; the commit's may be forged.
           commit.seen_at                                                    AS until_at
    FROM commits AS commit
    LEFT JOIN covered USING (source, id)
    LEFT JOIN labelled USING (source, id)
    -- Not applicable: a merge that changes nothing itself, and what is too long ago.
    WHERE commit.is_merge IS NOT TRUE
      AND commit.seen_at >= $as_of - $changes_looked_back
      AND (commit.labels IS NULL OR labelled.times IS NOT NULL)
    UNION ALL
    SELECT 'change/' || change.source || '/' || change.id,
           coalesce(change.title, change.id),
           change.personal_data IS NOT NULL,
           passed.reviewed_at,
           change.approved_at
    FROM changes AS change
    LEFT JOIN passed ON passed.change_id = change.id
    -- Not applicable: what nobody has approved yet.
    WHERE change.personal_data IS NOT FALSE
      AND change.approved_at >= $as_of - $changes_looked_back
)
SELECT subject,
       label,
       CASE WHEN reviewed_at <= until_at   THEN true
            WHEN touches                   THEN false END                    AS ok,
       CASE WHEN reviewed_at <= until_at      THEN 'reviewed on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT)
            WHEN NOT touches                  THEN 'whether it touches personal data is unknown'
            WHEN reviewed_at IS NOT NULL      THEN 'reviewed only afterwards'
            ELSE 'no review of its design passed' END                        AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM judged
