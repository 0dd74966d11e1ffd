/*---
title    = "Unused credentials are deactivated"
promise  = "No account, key or token that can be used stays unused for longer than the agreed time and the window to deactivate it."
why      = "Nobody misses an unused credential, so nobody notices when somebody else begins to use it."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.5", "ISO/IEC 27001:2013 A.9.2.6"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "14 days"
parameters = ["unused_after", "deactivation_window"]
optional = ["api_tokens", "keys", "systems"]
---*/
WITH past AS (
    SELECT source, id,
           min(seen_from_at)                                                              AS first_seen_at,
           -- Seen switched off, and later on again.
           max(seen_until_at) FILTER (WHERE enabled IS FALSE)                             AS enabled_again_at
    FROM history.accounts
    GROUP BY source, id
),
untold AS (
    SELECT DISTINCT source, table_name, true AS hidden
    FROM gaps
    WHERE column_name IN ('last_login_at', 'last_used_at')
),
credentials AS (
    SELECT account.source || '/account/' || account.id                                    AS subject,
           account.user_name                                                              AS name,
           account.system_id,
           account.enabled                                                                AS usable,
           -- Some directories write a sign-in down days late: until then there may have been one.
           account.last_login_at + coalesce(account.last_login_lag, INTERVAL 0 DAY)       AS used_at,
           coalesce(untold.hidden, false)                                                 AS hidden,
           greatest(account.created_at, past.enabled_again_at)                            AS begun_at,
           past.first_seen_at
    FROM accounts AS account
    LEFT JOIN past USING (source, id)
    LEFT JOIN untold ON untold.source = account.source AND untold.table_name = 'accounts'
    -- Not applicable: what is switched off, and what nobody can sign in to.
    WHERE account.enabled IS NOT FALSE
      AND account.can_sign_in IS NOT FALSE
    UNION ALL
    SELECT token.source || '/token/' || token.id, 'token ' || token.id, token.system_id, token.active,
           token.last_used_at, coalesce(untold.hidden, false), token.created_at, token.seen_from_at
    FROM api_tokens AS token
    LEFT JOIN untold ON untold.source = token.source AND untold.table_name = 'api_tokens'
    WHERE token.active IS NOT FALSE
      AND coalesce(token.expires_at > $as_of, true)
    UNION ALL
    -- No system says of a key that it was never used: where nothing is told, that is unknown.
    SELECT key.source || '/key/' || key.id, 'key ' || coalesce(key.holder, key.fingerprint), key.system_id, key.state = 'active',
           key.last_used_at, true, key.created_at, key.seen_from_at
    FROM keys AS key
    WHERE key.purpose = 'ssh-user'
      AND coalesce(key.state, 'active') = 'active'
),
judged AS (
    SELECT *,
           -- Never used counts from when it could first be used; and if that is unknown, it was there when it was first seen.
           greatest(used_at, begun_at)                                                    AS since_at,
           CASE WHEN greatest(used_at, begun_at) >= $as_of - $unused_after - $deactivation_window   THEN 'in use'
                WHEN used_at IS NULL AND hidden                                                     THEN 'untold'
                WHEN coalesce(greatest(used_at, begun_at), first_seen_at) < $as_of - $unused_after - $deactivation_window  THEN 'unused'
                ELSE 'undated' END                                                        AS finding
    FROM credentials
)
SELECT judged.subject                                                                     AS subject,
       judged.name || ' on ' || coalesce(system.name, judged.system_id)                   AS label,
       CASE WHEN judged.finding = 'in use'                      THEN true
            WHEN judged.finding = 'unused' AND judged.usable    THEN false END            AS ok,
       CASE judged.finding
            WHEN 'untold'  THEN 'when it was last used is unknown'
            WHEN 'undated' THEN 'never used; since when it could be is unknown'
            ELSE coalesce('last used on ' || CAST(CAST(judged.used_at AS DATE) AS TEXT),
                          'never used since ' || CAST(CAST(coalesce(judged.begun_at, judged.first_seen_at) AS DATE) AS TEXT)) END  AS detail,
       judged.since_at + $unused_after + $deactivation_window                             AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
