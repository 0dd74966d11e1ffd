/*---
title    = "Every category of incident has a playbook"
promise  = "Every category of incident has an approved procedure with steps, and people who work here hold the roles that it names."
why      = "On the day itself nobody has time to find out who does what."
clauses  = ["ISO/IEC 27001:2022 A.5.24", "ISO/IEC 27001:2022 A.5.26", "ISO/IEC 27001:2013 A.16.1.1"]
kind     = "state"
severity = "high"
owner    = "security-lead"
subjects = "categories of incidents"
---*/
WITH playbook AS (
    SELECT policy.source, policy.id AS playbook_id, policy.title,
           policy.version_id IS NOT NULL                                     AS published,
           count(approval.id) > 0                                            AS approved
    FROM policies AS policy
    LEFT JOIN policy_approvals AS approval USING (source, version_id)
    WHERE policy.kind = 'playbook'
    GROUP BY policy.source, policy.id, policy.title, policy.version_id
),
held AS (
    SELECT holder.responsibility_id AS role,
           -- A holder without an end holds for ever.
           CASE WHEN bool_or(holder.until_on IS NULL AND engagement.ended_on IS NULL) THEN NULL
                ELSE max(CAST(least(holder.until_on, engagement.ended_on) AS TIMESTAMP) + INTERVAL 1 DAY) END  AS ends_at
    FROM responsibility_holders AS holder
    JOIN engagements AS engagement ON engagement.id = holder.person_id
    WHERE holder.part IN ('accountable', 'responsible')
      AND holder.from_on <= CAST($as_of AS DATE)
      AND coalesce(holder.until_on >= CAST($as_of AS DATE), true)
      AND engagement.current
    GROUP BY holder.responsibility_id
),
roles AS (
    SELECT named.source, named.id, min(held.ends_at) AS held_until_at,
           string_agg(named.role, ', ' ORDER BY named.role) FILTER (WHERE held.role IS NULL)  AS unheld
    FROM (SELECT category.source, category.id, part.role
          FROM incident_categories AS category CROSS JOIN unnest(category.roles) AS part(role)) AS named
    LEFT JOIN held ON held.role = named.role
    GROUP BY named.source, named.id
),
judged AS (
    SELECT category.source, category.id, category.title, category.playbook_id, playbook.title AS playbook, roles.unheld, roles.held_until_at,
           CASE WHEN playbook.playbook_id IS NULL      THEN 'none'
                WHEN NOT playbook.published            THEN 'unpublished'
                WHEN NOT playbook.approved             THEN 'unapproved'
                WHEN category.steps = 0                THEN 'without steps'
                WHEN roles.unheld IS NOT NULL          THEN 'unheld'
                WHEN category.steps > 0                THEN 'ready' END      AS finding
    FROM incident_categories AS category
    LEFT JOIN playbook USING (source, playbook_id)
    LEFT JOIN roles USING (source, id)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       finding = 'ready'                                                     AS ok,
       CASE finding
            WHEN 'none'            THEN 'has no playbook'
            WHEN 'unpublished'     THEN coalesce(playbook, playbook_id) || ' was not published'
            WHEN 'unapproved'      THEN coalesce(playbook, playbook_id) || ' was published without approval'
            WHEN 'without steps'   THEN coalesce(playbook, playbook_id) || ' has no steps'
            WHEN 'unheld'          THEN 'held by nobody who works here: ' || unheld
            WHEN 'ready'           THEN 'handled by ' || coalesce(playbook, playbook_id)
            ELSE 'how many steps its playbook has is unknown' END            AS detail,
       held_until_at                                                         AS flips_at
FROM judged
