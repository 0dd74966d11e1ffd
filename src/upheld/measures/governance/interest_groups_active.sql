/*---
title    = "We take part in security groups"
promise  = "We belong to at least one security interest group or association, whose membership somebody holds and took part in within its interval."
why      = "Warnings reach those who are there to hear them."
clauses  = ["ISO/IEC 27001:2022 A.5.6", "ISO/IEC 27001:2013 A.6.1.4"]
kind     = "cadence"
severity = "low"
owner    = "security-lead"
warn     = "30 days"
---*/
WITH judged AS (
    SELECT membership.id, coalesce(membership.title, membership.id)          AS title, membership.holder_id, membership.active_until_at,
           holder.current AND membership.active_until_at >= $as_of           AS active
    FROM group_memberships AS membership
    LEFT JOIN (
        SELECT id AS holder_id, bool_or(current) AS current
        FROM engagements
        GROUP BY id
    ) AS holder USING (holder_id)
),
summed AS (
    SELECT coalesce(bool_or(active), false)                                  AS active,
           count(id)                                                         AS known,
           string_agg(title, ', ' ORDER BY title)                            AS titles,
           max(active_until_at) FILTER (active)                              AS flips_at
    FROM judged
)
-- One subject: the company takes part somewhere, or it does not.
SELECT 'memberships'                                                         AS subject,
       'Memberships in security groups'                                      AS label,
       active                                                                AS ok,
       CASE WHEN active          THEN 'somebody takes part'
            WHEN known > 0       THEN 'in none of them has somebody who works here taken part lately: ' || titles
            ELSE 'there is no membership' END                                AS detail,
       flips_at
FROM summed
