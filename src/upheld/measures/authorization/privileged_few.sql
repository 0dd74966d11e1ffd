/*---
title    = "Few people have privileged rights"
promise  = "On each system the number of people with administrative rights, and their share of everybody, stay within the agreed limits."
why      = "Each person with administrative rights is a way around every other control."
clauses  = ["ISO/IEC 27001:2022 A.8.2", "ISO/IEC 27001:2013 A.9.2.3", "GDPR 32(1)(b)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
parameters = ["privileged_limit", "privileged_share", "privileged_least"]
---*/
WITH holders AS (
    SELECT owner.system_id, owner.person_id, power.administers,
           owner.source || '/' || owner.account_id                                        AS account_key,
           coalesce(owner.person_name, owner.user_name)                                   AS holder_name,
           power.administers AND owner.enabled AND owner.can_sign_in                      AS surely
    FROM account_owners AS owner
    JOIN administrators AS power USING (source, account_id)
    -- Not applicable: what is switched off, and what nobody can sign in to.
    WHERE owner.enabled IS NOT FALSE
      AND owner.can_sign_in IS NOT FALSE
),
counted AS (
    SELECT system_id,
           -- At least so many people for sure, and at most so many should all that is unknown go against us.
           count(DISTINCT person_id) FILTER (WHERE surely)                                AS fewest,
           count(DISTINCT coalesce(person_id, account_key)) FILTER (WHERE administers IS NOT FALSE)        AS most,
           string_agg(DISTINCT holder_name, ', ' ORDER BY holder_name) FILTER (WHERE administers IS NOT FALSE)  AS names
    FROM holders
    GROUP BY system_id
),
-- One alone cannot be stood in for: a small company may always have the least.
allowed AS (
    SELECT CAST(least($privileged_limit, greatest($privileged_least, floor(count(DISTINCT person_id) * $privileged_share))) AS INTEGER)  AS people
    FROM engagements
    WHERE current
),
running AS (
    SELECT id, max(name) AS name
    FROM (
        SELECT id, name FROM systems WHERE in_operation IS NOT FALSE
        UNION ALL
        SELECT system_id, NULL FROM counted
    ) AS known
    GROUP BY id
)
SELECT running.id                                                                         AS subject,
       coalesce(running.name, running.id)                                                 AS label,
       CASE WHEN counted.most <= allowed.people     THEN true
            WHEN counted.fewest > allowed.people    THEN false END                        AS ok,
       coalesce(counted.fewest || ' to ' || counted.most || ' people of at most ' || allowed.people
                    || coalesce(': ' || counted.names, ''),
                'none of its accounts were read')                                         AS detail
FROM running
CROSS JOIN allowed
LEFT JOIN counted ON counted.system_id = running.id
