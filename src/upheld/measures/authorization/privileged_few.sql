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
-- An account that nobody is known to own stands for somebody of its own.
WITH held AS (
    SELECT owner.system_id,
           coalesce(owner.person_id, owner.source || '/' || owner.account_id)             AS holder,
           coalesce(owner.person_name, owner.user_name)                                   AS name,
           power.administers IS NOT FALSE                                                 AS perhaps,
           power.administers AND owner.enabled AND owner.can_sign_in AND owner.person_id IS NOT NULL  AS surely
    FROM account_owners AS owner
    JOIN administrators AS power USING (source, account_id)
    -- Not applicable: what is switched off, and what nobody can sign in to.
    WHERE owner.enabled IS NOT FALSE
      AND owner.can_sign_in IS NOT FALSE
),
holders AS (
    SELECT system_id, holder, max(name) AS name, bool_or(perhaps) AS perhaps, bool_or(surely) AS surely
    FROM held
    GROUP BY system_id, holder
),
counted AS (
    SELECT system_id,
           -- At least so many people for sure, and at most so many should all that is unknown go against us.
           count(*) FILTER (WHERE surely)                                                 AS fewest,
           count(*) FILTER (WHERE perhaps)                                                AS most,
           string_agg(name, ', ' ORDER BY name) FILTER (WHERE perhaps)                    AS names
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
