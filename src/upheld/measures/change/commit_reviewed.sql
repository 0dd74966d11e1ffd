/*---
title    = "Every change is reviewed"
promise  = "Every commit on a protected branch was approved by somebody who did not write it, before it landed."
why      = "A second pair of eyes is the one control that stops both the mistake and the intent."
clauses  = ["ISO/IEC 27001:2022 A.8.32", "ISO/IEC 27001:2022 A.8.28", "ISO/IEC 27001:2013 A.14.2.2"]
kind     = "never"
severity = "high"
owner    = "engineering"
---*/
WITH approvals AS (
    SELECT commit.source, commit.id, approver.mail,
           list_contains(coalesce(commit.authors, [commit.author]), approver.mail)  AS own
    FROM commits AS commit CROSS JOIN unnest(commit.approvers) AS approver(mail)
),
reviews AS (
    SELECT source, id,
           string_agg(mail, ', ' ORDER BY mail) FILTER (WHERE NOT own)       AS names
    FROM approvals
    GROUP BY source, id
),
judged AS (
    SELECT commit.source, commit.id, commit.oid, commit.title, commit.repository_id, commit.is_merge, reviews.names,
           CASE WHEN commit.approvers IS NULL                                THEN 'untold'
                WHEN reviews.names IS NULL                                   THEN 'unreviewed'
                WHEN commit.approved_at IS NULL                              THEN 'undated'
                -- Our own clock says when it landed; the commit's may be forged.
                WHEN commit.approved_at > commit.seen_at                     THEN 'late'
                ELSE 'reviewed' END                                          AS finding
    FROM commits AS commit
    LEFT JOIN reviews USING (source, id)
    -- Not applicable: a merge that changes nothing itself; what it brings is here commit by commit.
    WHERE commit.is_merge IS NOT TRUE
)
SELECT source || '/' || id                                                   AS subject,
       substr(oid, 1, 12) || ' in ' || repository_id || coalesce(': ' || title, '')  AS label,
       CASE WHEN finding = 'reviewed'                                        THEN true
            WHEN finding IN ('unreviewed', 'late') AND is_merge IS NOT NULL  THEN false END  AS ok,
       CASE finding
            WHEN 'untold'     THEN 'whether it was reviewed is unknown'
            WHEN 'unreviewed' THEN 'nobody but its authors approved it'
            WHEN 'undated'    THEN 'when ' || names || ' approved it is unknown'
            WHEN 'late'       THEN names || ' approved it only after it landed'
            ELSE names || ' approved it' END                                 AS detail
FROM judged
