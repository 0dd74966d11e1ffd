-- The rights that a review covers as of now, with what is to be looked at twice. Read by reviews.py, on the evidence of that instant.
WITH held AS (
    SELECT held.source, held.system_id, held.account_id, held.entitlement, held.via, held.privileged, held.last_used_at
    FROM effective_grants AS held
    WHERE (held.direct OR held.privileged IS NOT FALSE)
      AND NOT $unused
    UNION ALL
    -- An account that holds nothing can be signed in to all the same. And where the account itself is in question, taking its rights is
    -- not enough.
    SELECT account.source, account.system_id, account.id, '', 'directly', account.privileged, account.last_login_at
    FROM accounts AS account
    JOIN account_owners AS owner ON owner.source = account.source AND owner.account_id = account.id
    WHERE $unused
       OR owner.person_id IS NULL
       OR owner.current IS FALSE
       OR coalesce(account.last_login_at, account.created_at, $opened_at) < $dormant_before
       OR NOT EXISTS (SELECT 1 FROM effective_grants AS any_held WHERE any_held.source = account.source AND any_held.account_id = account.id)
),
those AS (
    SELECT held.source, held.system_id, held.account_id, held.entitlement, held.via, held.privileged, account.kind, owner.role,
           coalesce(held.last_used_at, CASE WHEN held.entitlement = '' THEN account.last_login_at END) AS last_used_at,
           account.user_name, owner.person_id, owner.person_name, owner.current, owner.matched_by,
           coalesce(account.last_login_at, account.created_at, $opened_at) < $dormant_before AS dormant
    FROM held
    JOIN accounts AS account ON account.source = held.source AND account.id = held.account_id
    JOIN account_owners AS owner ON owner.source = held.source AND owner.account_id = held.account_id
    WHERE account.enabled IS NOT FALSE
      AND coalesce(account.kind, 'unknown') <> 'system'
),
requests AS (
    SELECT DISTINCT person.person_id, request.system_id, request.entitlement
    FROM granted_requests AS request JOIN engagements AS person ON person.id = request.person_id
    WHERE request.approved_by IS NOT NULL AND coalesce(request.until_on >= CAST($opened_at AS DATE), true)
),
model AS (
    SELECT DISTINCT role, system_id, entitlement FROM role_entitlements
),
-- A group is as powerful as what it is in.
powerful AS (
    SELECT DISTINCT source, account_id, split_part(via, ' > ', 1) AS entitlement
    FROM effective_grants
    WHERE NOT direct AND via <> 'with the account' AND privileged IS NOT FALSE
),
ways AS (
    SELECT source, holder_id AS account_id, entitlement, min(group_id) AS group_id FROM grants WHERE holder_kind = 'account' GROUP BY ALL
),
clashes AS (
    SELECT DISTINCT one.person_id, one.system_id, one.entitlement
    FROM those AS one
    JOIN those AS other ON other.person_id = one.person_id
    JOIN conflict_rules AS rule
      ON (rule.left_system_id = one.system_id AND rule.left_entitlement = one.entitlement
          AND rule.right_system_id = other.system_id AND rule.right_entitlement = other.entitlement)
      OR (rule.right_system_id = one.system_id AND rule.right_entitlement = one.entitlement
          AND rule.left_system_id = other.system_id AND rule.left_entitlement = other.entitlement)
),
colleagues AS (
    SELECT role, count(DISTINCT person_id) AS people FROM engagements WHERE current AND role IS NOT NULL GROUP BY role
),
peers AS (
    SELECT role, system_id, entitlement, count(DISTINCT person_id) AS people FROM those WHERE role IS NOT NULL GROUP BY ALL
),
managers AS (
    SELECT id, max(manager_id) AS manager_id FROM people GROUP BY id
),
owners AS (
    SELECT id, max(owner_id) AS owner_id FROM systems GROUP BY id
)
SELECT those.source, those.system_id, those.account_id, those.entitlement, those.via, those.user_name,
       coalesce(those.person_id, '')                                         AS person_id,
       coalesce(those.person_name, '')                                       AS person_name,
       coalesce(ways.group_id, '')                                           AS group_id,
       those.last_used_at,
       coalesce(managers.manager_id, '')                                     AS manager_id,
       coalesce(owners.owner_id, '')                                         AS owner_id,
       list_filter([
           CASE WHEN those.current IS FALSE                                          THEN 'leaver' END,
           CASE WHEN those.matched_by = 'none'                                       THEN 'orphan' END,
           CASE WHEN those.matched_by = 'ambiguous'                                  THEN 'shared' END,
           CASE WHEN those.dormant                                                   THEN 'dormant' END,
           CASE WHEN those.privileged IS NOT FALSE OR powerful.entitlement IS NOT NULL THEN 'privileged' END,
           CASE WHEN clashes.person_id IS NOT NULL                                   THEN 'conflict' END,
           CASE WHEN those.entitlement <> '' AND own.role IS NULL AND everybodys.role IS NULL AND requests.person_id IS NULL
                                                                                     THEN 'outside role' END,
           CASE WHEN colleagues.people >= 5 AND peers.people * 5 < colleagues.people THEN 'unlike peers' END
       ], lambda flag: flag IS NOT NULL)                                     AS flags
FROM those
LEFT JOIN ways USING (source, account_id, entitlement)
LEFT JOIN powerful USING (source, account_id, entitlement)
LEFT JOIN managers ON managers.id = those.person_id
LEFT JOIN owners ON owners.id = those.system_id
LEFT JOIN model AS own ON own.role = those.role AND own.system_id = those.system_id AND own.entitlement = those.entitlement
LEFT JOIN model AS everybodys ON everybodys.role = '*' AND everybodys.system_id = those.system_id AND everybodys.entitlement = those.entitlement
LEFT JOIN requests ON requests.person_id = those.person_id AND requests.system_id = those.system_id AND requests.entitlement = those.entitlement
LEFT JOIN clashes ON clashes.person_id = those.person_id AND clashes.system_id = those.system_id AND clashes.entitlement = those.entitlement
LEFT JOIN colleagues ON colleagues.role = those.role
LEFT JOIN peers ON peers.role = those.role AND peers.system_id = those.system_id AND peers.entitlement = those.entitlement
WHERE ($system = '' OR those.system_id = $system)
  AND (NOT $unused OR those.dormant)
  AND ($person = '' OR those.person_id IN (SELECT person_id FROM engagements WHERE id = $person))
ORDER BY those.system_id, those.entitlement, those.person_name, those.user_name, those.source, those.account_id
