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
           commit.author = approver.mail OR coalesce(list_contains(commit.authors, approver.mail), false)  AS own
    FROM commits AS commit CROSS JOIN unnest(commit.approvers) AS approver(mail)
),
others AS (
    SELECT source, id,
           string_agg(mail, ', ' ORDER BY mail) FILTER (WHERE NOT own)       AS names,
           bool_or(own)                                                      AS own
    FROM approvals
    GROUP BY source, id
),
judged AS (
    SELECT commit.source, commit.id, commit.oid, commit.title, commit.repository_id, commit.is_merge, others.names, others.own,
           CASE WHEN commit.approvers IS NULL                                THEN NULL
                WHEN others.names IS NULL                                    THEN false
                -- Our own clock says when it landed; the commit's may be forged.
                ELSE commit.approved_at <= commit.seen_at END                AS reviewed
    FROM commits AS commit
    LEFT JOIN others ON others.source = commit.source AND others.id = commit.id
    -- Not applicable: a merge that changes nothing itself; what it brings is here commit by commit.
    WHERE commit.is_merge IS NOT TRUE
)
SELECT source || '/' || id                                                                AS subject,
       substr(oid, 1, 12) || ' in ' || repository_id || coalesce(': ' || title, '')       AS label,
       CASE WHEN reviewed                                    THEN true
            WHEN NOT reviewed AND is_merge IS NOT NULL       THEN false END               AS ok,
       CASE WHEN reviewed                                    THEN 'approved by ' || names
            WHEN NOT reviewed AND names IS NOT NULL          THEN 'approved by ' || names || ' only after it landed'
            WHEN NOT reviewed AND own                        THEN 'approved by its author alone'
            WHEN NOT reviewed                                THEN 'landed without a review'
            WHEN names IS NOT NULL                           THEN 'approved by ' || names || '; when is unknown'
            ELSE 'whether it was reviewed is unknown' END                                 AS detail
FROM judged
