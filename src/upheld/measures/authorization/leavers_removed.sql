/*---
title    = "Leavers lose all access"
promise  = "When somebody's engagement has ended, every account, right, door and token of theirs is out of use within the agreed window."
why      = "Access that outlives the engagement is the classic way back in, and the first thing an auditor samples."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.6.5", "ISO/IEC 27001:2013 A.9.2.6", "GDPR 32(1)(b)", "GDPR 32(4)"]
kind     = "deadline"
severity = "critical"
owner    = "it-operations"
warn     = "7 days"
parameters = ["leaver_window"]
optional = ["api_tokens", "zone_authorisations"]
may_be_empty = "Nobody's engagement has ended, and no end is known."
---*/
WITH mine AS (
    -- Accounts, and the rights on them: a right on an account that is switched off gives nothing, but comes back with it.
    SELECT owner.person_id, owner.person_name, owner.matched_by, owner.ended_on,
           account.source || '/account/' || account.id                          AS subject,
           account.user_name                                                    AS thing,
           'the account'                                                        AS what,
           account.system_id                                                    AS place,
           account.enabled                                                      AS active
    FROM account_owners AS owner
    JOIN accounts AS account ON account.source = owner.source AND account.id = owner.account_id
    WHERE owner.matched_by NOT IN ('owner_ref', 'system_owner')       -- a service outlives who answers for it: see account_owned
    UNION ALL
    SELECT owner.person_id, owner.person_name, owner.matched_by, owner.ended_on,
           held.source || '/grant/' || held.system_id || '/' || held.account_id || '/' || held.entitlement,
           account.user_name,
           held.entitlement,
           held.system_id,
           true
    FROM effective_grants AS held
    JOIN accounts AS account ON account.source = held.source AND account.id = held.account_id
    JOIN account_owners AS owner ON owner.source = held.source AND owner.account_id = held.account_id
    WHERE owner.matched_by NOT IN ('owner_ref', 'system_owner')
      AND held.direct
    UNION ALL
    SELECT owner.person_id, owner.person_name, owner.matched_by, owner.ended_on,
           token.source || '/token/' || token.id,
           account.user_name,
           'a token',
           token.system_id,
           CASE WHEN token.expires_at <= $as_of THEN false ELSE token.active END
    FROM api_tokens AS token
    JOIN accounts AS account ON account.system_id = token.system_id AND account.id = token.account_id
    JOIN account_owners AS owner ON owner.source = account.source AND owner.account_id = account.id
    WHERE owner.matched_by NOT IN ('owner_ref', 'system_owner')
    UNION ALL
    SELECT person.person_id, person.name, 'person_ref', person.ended_on,
           zone.source || '/zone/' || zone.id,
           coalesce(person.name, person.person_id),
           'the right to enter',
           zone.zone_id,
           CASE WHEN zone.until_on < CAST($as_of AS DATE) THEN false ELSE true END
    FROM zone_authorisations AS zone
    JOIN engagements AS person ON person.id = zone.person_id
),
leaving AS (
    SELECT DISTINCT person_id, name, ended_on,
           CAST(ended_on AS TIMESTAMP) + INTERVAL 1 DAY + $leaver_window        AS due_at
    FROM engagements
    WHERE ended_on IS NOT NULL
),
-- Everything of everybody whose engagement ended or will; who has nothing left is told too, or nobody would know who was looked at.
theirs AS (
    SELECT coalesce(mine.subject, 'person/' || leaving.person_id)               AS subject,
           coalesce(mine.thing, leaving.name, leaving.person_id)                AS thing,
           coalesce(mine.what, 'nothing')                                       AS what,
           mine.place,
           coalesce(leaving.name, leaving.person_id)                            AS person,
           leaving.ended_on,
           leaving.due_at,
           CASE WHEN mine.subject IS NULL THEN false ELSE mine.active END       AS active,
           true                                                                 AS certain
    FROM leaving
    LEFT JOIN mine ON mine.person_id = leaving.person_id
    UNION ALL
    -- It may be a leaver's: the system's word fits more than one person, one of whom left.
    SELECT subject, thing, what, place, coalesce(person_name, 'several people'), ended_on,
           CAST(ended_on AS TIMESTAMP) + INTERVAL 1 DAY + $leaver_window, active, false
    FROM mine
    WHERE matched_by = 'ambiguous' AND ended_on IS NOT NULL
)
SELECT theirs.subject                                                                     AS subject,
       theirs.thing || coalesce(' on ' || coalesce(system.name, theirs.place), '')        AS label,
       CASE WHEN NOT theirs.active                         THEN true
            WHEN theirs.due_at >= $as_of                   THEN true
            WHEN theirs.active AND theirs.certain          THEN false END                 AS ok,
       CASE WHEN theirs.what = 'nothing'
                THEN 'nothing is left of it; last day ' || CAST(theirs.ended_on AS TEXT)
            WHEN NOT theirs.active
                THEN theirs.what || ' of ' || theirs.person || ' is out of use; last day ' || CAST(theirs.ended_on AS TEXT)
            WHEN NOT theirs.certain
                THEN theirs.what || ' could be that of ' || theirs.person || ', one of whom left'
            WHEN theirs.active IS NULL
                THEN theirs.what || ' of ' || theirs.person || ' may be in use; last day ' || CAST(theirs.ended_on AS TEXT)
            ELSE theirs.what || ' of ' || theirs.person || ' is in use; last day ' || CAST(theirs.ended_on AS TEXT) END  AS detail,
       CASE WHEN NOT theirs.active THEN NULL ELSE theirs.due_at END                       AS flips_at
FROM theirs
LEFT JOIN systems AS system ON system.id = theirs.place
UNION ALL
-- A list that does not tell when people leave cannot show that leavers lost anything.
SELECT 'people/' || person.source, person.source, NULL, 'the list does not tell when engagements end: ' || min(gap.why), NULL
FROM people AS person
JOIN gaps AS gap ON gap.source = person.source AND gap.table_name = 'people' AND gap.column_name = 'ended_on'
GROUP BY person.source
