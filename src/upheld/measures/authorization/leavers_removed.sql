/*---
title    = "Leavers lose all access"
promise  = "When somebody's engagement has ended, every account, right, door and token of theirs is out of use within the agreed window."
why      = "Access that outlives the engagement is the classic way back in, and the first thing an auditor samples."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.6.5", "ISO/IEC 27001:2013 A.9.2.6", "GDPR 32(1)(b)", "GDPR 32(4)"]
kind     = "deadline"
severity = "critical"
owner    = "it-operations"
warn     = "7 days"
subjects = "accounts, rights and tokens of leavers"
parameters = ["leaver_window"]
optional = ["api_tokens", "systems", "zone_authorisations"]
may_be_empty = "Nobody's engagement has ended, and no end is known."
---*/
WITH mine AS (
    SELECT source || '/account/' || account_id                                  AS subject,
           label,
           'the account'                                                        AS what,
           enabled                                                              AS active,
           person_id, person_name, matched_by, ended_on
    FROM account_owners
    UNION ALL
    -- A right on an account that is switched off gives nothing now, but comes back with it.
    SELECT owner.source || '/grant/' || held.system_id || '/' || owner.account_id || '/' || held.entitlement,
           owner.label,
           'the right ' || held.entitlement,
           true,
           owner.person_id, owner.person_name, owner.matched_by, owner.ended_on
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    WHERE held.direct
    UNION ALL
    SELECT token.source || '/token/' || token.id,
           owner.label,
           'a token',
           CASE WHEN token.expires_at <= $as_of THEN false ELSE token.active END,
           owner.person_id, owner.person_name, owner.matched_by, owner.ended_on
    FROM api_tokens AS token
    JOIN account_owners AS owner USING (source, account_id)
    UNION ALL
    SELECT zone.source || '/zone/' || zone.id,
           coalesce(person.name, person.id) || ' for ' || zone.zone_id,
           'the way in',
           coalesce(zone.until_on >= CAST($as_of AS DATE), true),
           person.person_id, person.name, 'person_ref', person.ended_on
    FROM zone_authorisations AS zone
    JOIN engagements AS person ON person.id = zone.person_id
),
leaving AS (
    SELECT person_id, max(name) AS name, max(ended_on) AS ended_on
    FROM engagements
    WHERE ended_on IS NOT NULL
    GROUP BY person_id
),
-- All else has nothing to do with anybody who leaves.
left_over AS (
    SELECT * FROM mine WHERE ended_on IS NOT NULL
),
-- Everything of everybody whose engagement ended or will. Who has nothing left is told too, or nobody would know who was looked at.
-- Services outlive who answers for them, and are looked at by account_owned.
theirs AS (
    SELECT coalesce(mine.subject, 'person/' || leaving.person_id)               AS subject,
           coalesce(mine.label, leaving.name, leaving.person_id)                AS label,
           coalesce(mine.what || ' of ' || coalesce(leaving.name, leaving.person_id), 'nothing is left')  AS what,
           coalesce(mine.active, false)                                         AS active,
           mine.subject IS NOT NULL AND mine.active IS NULL                     AS perhaps,
           leaving.ended_on
    FROM leaving
    LEFT JOIN left_over AS mine ON mine.person_id = leaving.person_id AND mine.matched_by NOT IN ('owner_ref', 'system_owner')
    UNION ALL
    -- What the system says of whose it is fits several people, and one of them left.
    SELECT subject, label, what || ' could be that of any of ' || person_name, false, active IS NOT FALSE, ended_on
    FROM left_over
    WHERE matched_by = 'ambiguous'
),
judged AS (
    SELECT *,
           -- The last day is a whole day, wherever on earth it is: the window takes care of that.
           CAST(ended_on AS TIMESTAMP) + INTERVAL 1 DAY + $leaver_window        AS due_at
    FROM theirs
)
SELECT subject,
       label,
       CASE WHEN due_at >= $as_of  THEN true
            WHEN perhaps           THEN NULL
            ELSE NOT active END                                                 AS ok,
       what || CASE WHEN active THEN ' is in use' ELSE '' END || '; last day ' || CAST(ended_on AS TEXT)  AS detail,
       CASE WHEN active OR perhaps THEN due_at END                              AS flips_at
FROM judged
UNION ALL
-- A list that does not tell when people leave cannot show that leavers lost anything.
SELECT source || '/people', source, NULL, 'it does not tell when engagements end', NULL
FROM people
JOIN (SELECT DISTINCT source FROM gaps WHERE column_name = 'ended_on') AS untold USING (source)
GROUP BY source
