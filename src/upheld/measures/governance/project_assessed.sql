/*---
title    = "Projects are assessed before they are built"
promise  = "No project came into building without a security assessment that somebody outside it had approved before."
why      = "Security that is thought of after building is paid for twice, or not at all."
clauses  = ["ISO/IEC 27001:2022 A.5.8", "ISO/IEC 27001:2013 A.6.1.5", "GDPR 25(1)"]
kind     = "never"
severity = "medium"
owner    = "security-lead"
---*/
WITH assessed AS (
    SELECT project.source, project.id,
           min(assessment.approved_at)                                       AS approved_at,
           -- Who works on it does not approve it.
           min(assessment.approved_at) FILTER (
               assessment.approved_by_id <> project.owner_id AND NOT list_contains(project.members, assessment.approved_by_id)
           )                                                                 AS outside_at
    FROM projects AS project
    JOIN project_assessments AS assessment ON assessment.source = project.source AND assessment.project_id = project.id
    GROUP BY project.source, project.id
)
SELECT project.source || '/' || project.id                                   AS subject,
       coalesce(project.title, project.id)                                   AS label,
       CASE WHEN project.stage IN ('idea', 'plan')   THEN true
            WHEN project.stage IS NOT NULL           THEN coalesce(assessed.outside_at <= project.build_at, false) END  AS ok,
       CASE WHEN project.stage IN ('idea', 'plan')             THEN 'is not being built yet'
            WHEN project.stage IS NULL                         THEN 'its stage is unknown'
            WHEN assessed.outside_at <= project.build_at       THEN 'assessed on ' || CAST(CAST(assessed.outside_at AS DATE) AS TEXT)
            WHEN assessed.outside_at IS NOT NULL               THEN 'was built before its assessment was approved'
            WHEN assessed.approved_at IS NOT NULL              THEN 'its assessment was approved by who works on it'
            ELSE 'is built without an approved assessment' END               AS detail
FROM projects AS project
LEFT JOIN assessed USING (source, id)
