/*---
title    = "Policies are approved by management"
promise  = "Every published version of a policy was approved by somebody who belonged to the management on that day and had not written it."
why      = "A policy that nobody in charge stands behind binds nobody."
clauses  = ["ISO/IEC 27001:2022 A.5.1", "ISO/IEC 27001:2013 A.5.1.1"]
kind     = "never"
severity = "high"
owner    = "security-lead"
---*/
WITH managers AS (
    SELECT holder.source, holder.responsibility_id, holder.person_id, holder.from_on, holder.until_on
    FROM (SELECT source, id AS responsibility_id FROM responsibilities WHERE management) AS role
    JOIN responsibility_holders AS holder USING (source, responsibility_id)
    WHERE holder.part = 'accountable'
),
approved AS (
    SELECT version.source, version.id, approval.id AS approval_id,
           approval.person_id = version.author_id                            AS own,
           bool_or(manager.person_id IS NOT NULL)                            AS managed
    FROM policy_versions AS version
    JOIN policy_approvals AS approval ON approval.source = version.source AND approval.version_id = version.id
    LEFT JOIN managers AS manager
           ON manager.source = approval.source AND manager.person_id = approval.person_id
          AND manager.from_on <= CAST(approval.approved_at AS DATE)
          AND coalesce(manager.until_on >= CAST(approval.approved_at AS DATE), true)
    -- An approval after publication approves what was out already.
    WHERE approval.approved_at <= version.published_at
    GROUP BY version.source, version.id, approval.id, approval.person_id, version.author_id
),
summed AS (
    SELECT source, id,
           bool_or(managed AND NOT own)                                      AS proper,
           bool_or(own)                                                      AS own
    FROM approved
    GROUP BY source, id
)
SELECT version.source || '/' || version.id                                   AS subject,
       coalesce(version.title, version.id)                                   AS label,
       coalesce(summed.proper, false)                                        AS ok,
       CASE WHEN summed.proper       THEN 'approved by the management'
            WHEN summed.own          THEN 'approved by who wrote it'
            WHEN summed.id IS NULL   THEN 'published without an approval'
            ELSE 'approved, but by nobody who belonged to the management then' END  AS detail
FROM policy_versions AS version
LEFT JOIN summed USING (source, id)
