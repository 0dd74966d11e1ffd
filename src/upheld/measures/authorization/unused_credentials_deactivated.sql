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
optional = ["api_tokens", "keys"]
---*/
WITH past AS (
    SELECT source, id,
           min(seen_from_at)                                                    AS first_seen_at,
           -- Switched on again: it was seen off, and the row that said so has ended.
           max(CASE WHEN enabled IS FALSE AND ended = 'changed' THEN seen_until_at END)  AS enabled_again_at
    FROM history.accounts
    GROUP BY source, id
),
unread AS (
    SELECT DISTINCT source, table_name FROM gaps WHERE column_name IN ('last_login_at', 'last_used_at')
),
credentials AS (
    SELECT account.source || '/account/' || account.id                          AS subject,
           account.user_name                                                    AS thing,
           account.system_id,
           account.enabled                                                      AS usable,
           -- Some directories write the time of a sign-in down days late; until then it may have happened.
           account.last_login_at + coalesce(account.last_login_lag, INTERVAL 0 DAY)  AS used_at,
           unread.source IS NULL                                                AS uses_told,
           greatest(account.created_at, past.enabled_again_at)                  AS begun_at,
           past.first_seen_at
    FROM accounts AS account
    LEFT JOIN past ON past.source = account.source AND past.id = account.id
    LEFT JOIN unread ON unread.source = account.source AND unread.table_name = 'accounts'
    -- Not applicable: what is switched off, and what cannot be signed in to whoever tries.
    WHERE account.enabled IS NOT FALSE
      AND account.can_sign_in IS NOT FALSE
    UNION ALL
    SELECT token.source || '/token/' || token.id, 'token ' || token.id, token.system_id, token.active,
           token.last_used_at, unread.source IS NULL, token.created_at, token.seen_from_at
    FROM api_tokens AS token
    LEFT JOIN unread ON unread.source = token.source AND unread.table_name = 'api_tokens'
    WHERE token.active IS NOT FALSE
      AND (token.expires_at IS NULL OR token.expires_at > $as_of)
    UNION ALL
    -- No system tells by itself when a key was last used: where its column is empty, that is unknown, never "never".
    SELECT key.source || '/key/' || key.id, 'key ' || coalesce(key.holder, key.fingerprint), key.system_id, key.state = 'active',
           key.last_used_at, false, key.created_at, key.seen_from_at
    FROM keys AS key
    WHERE key.purpose = 'ssh-user'
      AND coalesce(key.state, 'active') = 'active'
),
counted AS (
    SELECT *,
           -- Never used counts from when it could first be used.
           greatest(used_at, begun_at)                                          AS since_at,
           used_at IS NULL AND NOT uses_told                                    AS unknown_use
    FROM credentials
),
aged AS (
    SELECT *,
           CASE WHEN since_at >= $as_of - $unused_after - $deactivation_window       THEN true
                WHEN unknown_use                                                     THEN NULL
                WHEN since_at < $as_of - $unused_after - $deactivation_window        THEN false
                -- Its beginning is unknown, but it was already there that long ago.
                WHEN first_seen_at < $as_of - $unused_after - $deactivation_window   THEN false END  AS in_use
    FROM counted
)
SELECT aged.subject                                                                       AS subject,
       aged.thing || ' on ' || coalesce(system.name, aged.system_id)                      AS label,
       CASE WHEN aged.in_use THEN true
            WHEN NOT aged.in_use AND aged.usable THEN false END                           AS ok,
       CASE WHEN aged.used_at IS NOT NULL
                THEN 'last used ' || CAST(CAST(aged.used_at AS DATE) AS TEXT)
            WHEN aged.unknown_use
                THEN 'when it was last used is unknown'
            WHEN aged.begun_at IS NOT NULL
                THEN 'never used since ' || CAST(CAST(aged.begun_at AS DATE) AS TEXT)
            ELSE 'never used; there since ' || CAST(CAST(aged.first_seen_at AS DATE) AS TEXT) || ' at the latest' END  AS detail,
       CASE WHEN aged.in_use THEN aged.since_at + $unused_after + $deactivation_window END  AS flips_at
FROM aged
LEFT JOIN systems AS system ON system.id = aged.system_id
