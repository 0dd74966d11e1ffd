/*---
title    = "Continuity plans are current"
promise  = "Every critical process has a continuity plan that is approved, published and reviewed in time, and each of its roles is held by somebody who works here."
why      = "A plan for people who have left is a plan for nobody."
clauses  = ["ISO/IEC 27001:2022 A.5.29", "ISO/IEC 27001:2013 A.17.1.2"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "30 days"
parameters = ["critical_processes"]
subjects = "critical processes"
---*/
WITH holding AS (
    SELECT holder.responsibility_id,
           -- A holder without an end holds for ever.
           CASE WHEN bool_or(coalesce(holder.until_on, person.ended_on) IS NULL) THEN NULL
                ELSE max(least(holder.until_on, person.ended_on)) END        AS until_on
    FROM responsibility_holders AS holder
    JOIN (SELECT id, bool_or(current) AS current, max(ended_on) AS ended_on FROM engagements GROUP BY id) AS person
        ON person.id = holder.person_id AND person.current
    WHERE holder.part IN ('accountable', 'responsible')
      AND holder.from_on <= CAST($as_of AS DATE)
      AND coalesce(holder.until_on >= CAST($as_of AS DATE), true)
    GROUP BY holder.responsibility_id
),
roles AS (
    SELECT named.source, named.id,
           bool_and(holding.responsibility_id IS NOT NULL)                   AS held,
           string_agg(named.role, ', ' ORDER BY named.role) FILTER (holding.responsibility_id IS NULL)  AS vacant,
           min(holding.until_on)                                             AS until_on
    FROM (SELECT plan.source, plan.id, part.role FROM continuity_plans AS plan CROSS JOIN unnest(plan.roles) AS part(role)) AS named
    LEFT JOIN holding ON holding.responsibility_id = named.role
    GROUP BY named.source, named.id
),
plans AS (
    SELECT plan.source, plan.process_id, plan.document_id, policy.review_due_at, roles.vacant,
           approval.version_id IS NOT NULL                                    AS published,
           coalesce(roles.held, false)                                       AS held,
           coalesce(policy.review_due_at >= $as_of, false)                   AS reviewed,
           least(policy.review_due_at, CAST(roles.until_on AS TIMESTAMP) + INTERVAL 1 DAY)  AS flips_at
    FROM continuity_plans AS plan
    LEFT JOIN policies AS policy ON policy.source = plan.source AND policy.id = plan.document_id AND policy.kind = 'plan'
    LEFT JOIN (SELECT source, version_id FROM policy_approvals GROUP BY source, version_id) AS approval
        ON approval.source = policy.source AND approval.version_id = policy.version_id
    LEFT JOIN roles ON roles.source = plan.source AND roles.id = plan.id
),
found AS (
    SELECT source, process_id,
           bool_and(published AND held AND reviewed)                         AS good,
           string_agg(document_id || CASE WHEN NOT published THEN ' is not approved and published'
                                          WHEN NOT reviewed  THEN ' is overdue for review'
                                          ELSE ' has a role that nobody holds' || coalesce(': ' || vacant, '') END, '; ' ORDER BY document_id)
               FILTER (NOT (published AND held AND reviewed))                AS wrong,
           string_agg(document_id, ', ' ORDER BY document_id)                AS documents,
           min(flips_at)                                                     AS flips_at
    FROM plans
    GROUP BY source, process_id
)
SELECT process.source || '/' || process.id                                   AS subject,
       coalesce(process.title, process.id)                                   AS label,
       CASE WHEN found.good                        THEN true
            WHEN process.criticality IS NOT NULL   THEN false END            AS ok,
       coalesce(found.wrong, 'by ' || found.documents, 'there is no plan')   AS detail,
       found.flips_at
FROM processes AS process
LEFT JOIN found ON found.source = process.source AND found.process_id = process.id
-- Not applicable: what the company can do without for long. Of an unknown criticality it may be critical.
WHERE process.criticality IS NULL OR process.criticality IN $critical_processes
