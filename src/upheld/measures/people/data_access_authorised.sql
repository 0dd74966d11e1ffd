/*---
title    = "Access to personal data is authorised beforehand"
promise  = "Nobody holds an entitlement to a system with personal data without a written authorisation given before it."
why      = "Whoever acts on personal data does so on instruction; without a written one there is none to show."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.2", "GDPR 29", "GDPR 32(4)"]
kind     = "state"
severity = "high"
owner    = "people"
warn     = "14 days"
subjects = "accounts with entitlements to personal data"
---*/
WITH seen AS (
    SELECT source, holder_id AS account_id, min(seen_from_at) AS seen_at
    FROM history.grants
    WHERE holder_kind = 'account'
    GROUP BY source, holder_id
),
held AS (
    SELECT holding.source, holding.account_id, holding.system_id, count(*) AS entitlements,
           min(holding.granted_at)                                           AS granted_at,
           bool_or(holding.granted_at IS NULL)                               AS undated
    FROM effective_grants AS holding
    GROUP BY holding.source, holding.account_id, holding.system_id
),
authorised AS (
    SELECT person_id, system_id, min(given_at) AS given_at,
           -- One without an end holds for ever.
           CASE WHEN bool_or(until_on IS NULL) THEN NULL ELSE max(CAST(until_on AS TIMESTAMP)) + INTERVAL 1 DAY END  AS ends_at
    FROM data_authorisations
    WHERE coalesce(from_on <= CAST($as_of AS DATE), true)
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
    GROUP BY person_id, system_id
),
judged AS (
    SELECT account.source, account.account_id, account.label, authorised.given_at, authorised.ends_at, held.granted_at, held.entitlements,
           system.holds_personal_data IS NOT NULL                            AS told,
           CASE WHEN account.matched_by NOT IN ('person_ref', 'mail', 'user_name')   THEN 'whose'
                WHEN authorised.person_id IS NULL                            THEN 'without'
                -- Nothing can be granted to an account before there is one.
                WHEN authorised.given_at <= account.created_at               THEN 'before'
                WHEN authorised.given_at > held.granted_at                   THEN 'late'
                WHEN authorised.given_at > seen.seen_at                      THEN 'late'
                WHEN NOT held.undated AND authorised.given_at <= held.granted_at   THEN 'before'
                ELSE 'undated' END                                           AS finding
    FROM account_owners AS account
    JOIN held USING (source, account_id, system_id)
    LEFT JOIN seen USING (source, account_id)
    LEFT JOIN systems AS system ON system.id = account.system_id
    LEFT JOIN authorised ON authorised.person_id = account.person_id AND authorised.system_id = account.system_id
    -- Not applicable: systems without personal data, and accounts that belong to no person.
    WHERE system.holds_personal_data IS NOT FALSE
      AND coalesce(account.kind, 'person') NOT IN ('service', 'system')
)
SELECT source || '/' || account_id                                           AS subject,
       label                                                                 AS label,
       CASE WHEN finding = 'before'                        THEN true
            WHEN finding IN ('without', 'late') AND told   THEN false END    AS ok,
       CASE finding
            WHEN 'whose'     THEN 'whose account it is is unknown'
            WHEN 'without'   THEN 'nobody authorised it in writing'
            WHEN 'late'      THEN 'authorised on ' || CAST(CAST(given_at AS DATE) AS TEXT) || ', after it was granted'
            WHEN 'before'    THEN 'authorised on ' || CAST(CAST(given_at AS DATE) AS TEXT)
            ELSE 'authorised on ' || CAST(CAST(given_at AS DATE) AS TEXT) || '; when it was granted is unknown' END  AS detail,
       ends_at                                                               AS flips_at
FROM judged
