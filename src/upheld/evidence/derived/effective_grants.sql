-- Groups may hold groups, in circles too. `reached` has each pair of groups once, with the shortest way between them,
-- so that a dense tangle of groups costs no more than its pairs.
WITH RECURSIVE lasting AS NOT MATERIALIZED (
    SELECT each.*,
           -- Some sources say it of the grant, some of the group: either may say yes.
           CASE WHEN each.privileged OR held.privileged THEN true
                ELSE coalesce(each.privileged, held.privileged) END  AS powerful,
           coalesce(held.name, each.entitlement)                     AS word
    FROM grants AS each
    LEFT JOIN groups AS held ON held.source = each.source AND held.system_id = each.system_id AND held.id = each.group_id
    WHERE each.expires_at IS NULL OR each.expires_at > $as_of
),
-- What groups hold is little beside what accounts hold, and is looked at often.
gives AS MATERIALIZED (
    SELECT source, system_id, holder_id, group_id, entitlement, powerful, word, can_grant, last_used_at,
           coalesce(expires_at, TIMESTAMP '9999-12-31') AS lasts
    FROM lasting
    WHERE holder_kind = 'group'
),
nested AS (
    SELECT source, system_id, holder_id, group_id, min(word) AS word, max(lasts) AS lasts
    FROM gives
    WHERE group_id IS NOT NULL
    GROUP BY source, system_id, holder_id, group_id
),
reached(source, system_id, first_id, group_id, via, lasts) USING KEY (source, system_id, first_id, group_id) AS (
    SELECT source, system_id, holder_id, group_id, min(word), max(lasts)
    FROM nested
    WHERE holder_id <> group_id
    GROUP BY source, system_id, holder_id, group_id
    UNION
    SELECT step.source, step.system_id, step.first_id, nested.group_id, min(step.via || ' > ' || nested.word),
           max(least(step.lasts, nested.lasts))
    FROM reached AS step
    JOIN nested ON nested.source = step.source AND nested.system_id = step.system_id AND nested.holder_id = step.group_id
    LEFT JOIN recurring.reached AS known
           ON known.source = step.source AND known.system_id = step.system_id
          AND known.first_id = step.first_id AND known.group_id = nested.group_id
    WHERE known.group_id IS NULL
      AND nested.group_id <> step.first_id
    GROUP BY step.source, step.system_id, step.first_id, nested.group_id
),
-- Every group that an account is in and that holds anything, with the way to it: its own groups, and those that they are in.
holding AS (
    SELECT DISTINCT source, system_id, holder_id FROM gives
),
member AS (
    SELECT own.source, own.system_id, own.holder_id AS account_id, own.group_id, min(own.word) AS via,
           max(coalesce(own.expires_at, TIMESTAMP '9999-12-31')) AS lasts
    FROM lasting AS own
    JOIN holding ON holding.source = own.source AND holding.system_id = own.system_id AND holding.holder_id = own.group_id
    WHERE own.holder_kind = 'account'
    GROUP BY own.source, own.system_id, own.holder_id, own.group_id
),
within AS (
    SELECT source, system_id, account_id, group_id, via, lasts FROM member
    UNION ALL
    SELECT own.source, own.system_id, own.account_id, reached.group_id, own.via || ' > ' || reached.via, least(own.lasts, reached.lasts)
    FROM member AS own
    JOIN reached ON reached.source = own.source AND reached.system_id = own.system_id AND reached.first_id = own.group_id
),
-- `way` is the way of what is not direct, its length before it: the least is the shortest, and of equally short ones the first in the
-- alphabet, so that the same rows give the same words.
held AS (
    SELECT source, system_id, holder_id AS account_id, entitlement, powerful, can_grant, inherent IS NOT TRUE AS direct,
           CASE WHEN inherent THEN '00000016with the account' END AS way, seen_from_at AS seen_at,
           granted_at, coalesce(expires_at, TIMESTAMP '9999-12-31') AS lasts, last_used_at
    FROM lasting
    WHERE holder_kind = 'account'
    UNION ALL
    SELECT within.source, within.system_id, within.account_id, gives.entitlement, gives.powerful, gives.can_grant, false,
           lpad(CAST(length(within.via) AS VARCHAR), 8, '0') || within.via, NULL, NULL, least(within.lasts, gives.lasts), gives.last_used_at
    FROM within
    JOIN gives ON gives.source = within.source AND gives.system_id = within.system_id AND gives.holder_id = within.group_id
)
SELECT source,
       system_id,
       account_id,
       entitlement,
       CASE WHEN bool_or(powerful) THEN true WHEN bool_or(powerful IS NULL) THEN NULL ELSE false END    AS privileged,
       CASE WHEN bool_or(can_grant) THEN true WHEN bool_or(can_grant IS NULL) THEN NULL ELSE false END  AS can_grant,
       bool_or(direct)                                                                                  AS direct,
       CASE WHEN bool_or(direct) THEN 'directly' ELSE substr(min(way), 9) END                           AS via,
       min(granted_at)                                                                                  AS granted_at,
       min(seen_at)                                                                                     AS seen_at,
       CASE WHEN max(lasts) < TIMESTAMP '9999-12-31' THEN max(lasts) END                                AS expires_at,
       max(last_used_at)                                                                                AS last_used_at
FROM held
GROUP BY source, system_id, account_id, entitlement
