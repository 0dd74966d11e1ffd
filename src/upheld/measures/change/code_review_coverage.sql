/*---
title    = "Active code was reviewed"
promise  = "Every file of code that changed within the interval was looked at for errors since, by somebody else than its author or in a review of its folder."
why      = "Errors are found by reading, and only in what is read."
clauses  = ["ISO/IEC 27001:2022 A.8.28", "ISO/IEC 27001:2022 A.8.29", "ISO/IEC 27001:2013 A.14.2.1"]
kind     = "cadence"
severity = "medium"
owner    = "development"
parameters = ["code_review_interval", "code_suffixes"]
subjects = "repositories"
---*/
WITH approvals AS (
    SELECT commit.repository_id, commit.oid AS changed_in
    FROM commits AS commit CROSS JOIN unnest(commit.approvers) AS approver(mail)
    WHERE NOT list_contains(coalesce(commit.authors, [commit.author]), approver.mail)
),
reviewed AS (
    SELECT repository_id, changed_in, count(*) AS reviewers
    FROM approvals
    GROUP BY repository_id, changed_in
),
untold AS (
    SELECT repository_id, oid AS changed_in, count(*) AS untold
    FROM commits
    WHERE approvers IS NULL
    GROUP BY repository_id, oid
),
active AS (
    SELECT repository_id, path, changed_in, changed_at
    FROM code_files
    WHERE suffix IN $code_suffixes
      -- When it changed is unknown: it may be lately.
      AND coalesce(changed_at >= $as_of - $code_review_interval, true)
),
read_through AS (
    SELECT active.repository_id, active.path, max(review.reviewed_at)        AS reviewed_at
    FROM active
    JOIN code_reviews AS review ON review.repository_id = active.repository_id
    WHERE starts_with(active.path, review.path)
      AND review.reviewed_at >= active.changed_at
    GROUP BY active.repository_id, active.path
),
files AS (
    SELECT active.repository_id, active.path,
           CASE WHEN reviewed.reviewers IS NOT NULL OR read_through.reviewed_at IS NOT NULL  THEN 'reviewed'
                WHEN untold.untold IS NOT NULL                               THEN 'untold'
                ELSE 'unread' END                                            AS finding
    FROM active
    LEFT JOIN reviewed USING (repository_id, changed_in)
    LEFT JOIN untold USING (repository_id, changed_in)
    LEFT JOIN read_through ON read_through.repository_id = active.repository_id AND read_through.path = active.path
),
numbered AS (
    SELECT repository_id, path, finding, row_number() OVER (PARTITION BY repository_id, finding ORDER BY path) AS place
    FROM files
),
by_repository AS (
    SELECT repository_id AS id, count(*) AS files,
           count(*) FILTER (WHERE finding = 'unread')                        AS unread,
           count(*) FILTER (WHERE finding = 'untold')                        AS untold,
           -- The first three are named; there can be thousands.
           string_agg(path, ', ' ORDER BY place) FILTER (WHERE finding = 'unread' AND place <= 3)  AS unread_ones,
           string_agg(path, ', ' ORDER BY place) FILTER (WHERE finding = 'untold' AND place <= 3)  AS untold_ones
    FROM numbered
    GROUP BY repository_id
),
listed AS (
    SELECT repository_id AS id, count(*) AS listed
    FROM code_files
    GROUP BY repository_id
)
SELECT repository.source || '/' || repository.id                             AS subject,
       repository.id                                                         AS label,
       CASE WHEN by_repository.unread > 0     THEN false
            WHEN by_repository.untold = 0     THEN true END                  AS ok,
       CASE WHEN by_repository.unread > 0     THEN by_repository.unread || ' of ' || by_repository.files || ' files changed unread: ' || by_repository.unread_ones
            WHEN by_repository.untold > 0     THEN 'whether ' || by_repository.untold_ones || ' was reviewed is unknown'
            ELSE coalesce(by_repository.files || ' files changed, all reviewed', 'its files are not told') END                               AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM repositories AS repository
LEFT JOIN by_repository USING (id)
LEFT JOIN listed USING (id)
-- Not applicable: a repository whose files are told, none of which is code that changed lately.
WHERE by_repository.files IS NOT NULL
   OR listed.listed IS NULL
