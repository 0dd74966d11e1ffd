/*---
title    = "Everybody is bound to confidentiality"
promise  = "Everybody who works here signed a confidentiality undertaking before their first account was made."
why      = "Whoever can see personal data must be bound to keep it before they see it, not some day after."
clauses  = ["ISO/IEC 27001:2022 A.6.6", "ISO/IEC 27001:2022 A.6.2", "ISO/IEC 27001:2013 A.13.2.4", "ISO/IEC 27001:2013 A.7.1.2", "GDPR 28(3)(b)", "GDPR 32(4)"]
kind     = "state"
severity = "high"
owner    = "people"
optional = ["systems", "undertakings", "policy_versions", "policy_acknowledgements"]
parameters = ["confidentiality_topic"]
---*/
WITH first_seen AS (
    SELECT source, id AS account_id, min(seen_from_at) AS seen_at
    FROM history.accounts
    GROUP BY source, id
),
-- By when somebody had an account of their own; one that does not tell was there by the time it was first seen.
had AS (
    SELECT account.person_id,
           CAST(coalesce(account.created_at, first_seen.seen_at) AS DATE)    AS by_on,
           account.created_at IS NULL                                        AS undated
    FROM account_owners AS account
    JOIN first_seen USING (source, account_id)
    WHERE account.matched_by IN ('person_ref', 'mail', 'user_name')
),
begun AS (
    SELECT person_id, min(by_on) AS by_on, bool_or(undated) AS undated FROM had GROUP BY person_id
),
-- On paper, or here: whoever acknowledges a policy on this topic signs it.
undertaken AS (
    SELECT person_id, min(signed_on) AS signed_on
    FROM (
        SELECT person_id, signed_on FROM undertakings
        UNION ALL
        SELECT read.person_id, CAST(read.acknowledged_at AS DATE)
        FROM policy_acknowledgements AS read
        JOIN policy_versions AS version ON version.source = read.source AND version.id = read.version_id
        WHERE version.topic_id = $confidentiality_topic
    ) AS each_way
    GROUP BY person_id
),
signed AS (
    SELECT engagement.person_id,
           max(engagement.name)                                              AS name,
           bool_or(engagement.current)                                       AS current,
           least(min(person.confidentiality_signed_on), min(undertaken.signed_on))  AS signed_on,
           bool_or(untold.hidden)                                            AS hidden
    FROM engagements AS engagement
    JOIN people AS person USING (source, id)
    LEFT JOIN (
        SELECT DISTINCT source, true AS hidden
        FROM gaps
        WHERE column_name = 'confidentiality_signed_on'
    ) AS untold USING (source)
    LEFT JOIN undertaken ON undertaken.person_id = engagement.id
    -- Not applicable: who left, and who has not begun.
    WHERE engagement.current IS NOT FALSE
    GROUP BY engagement.person_id
),
judged AS (
    SELECT signed.person_id, signed.name, signed.current, signed.signed_on, begun.by_on,
           CASE WHEN signed.signed_on > begun.by_on                THEN 'late'
                WHEN signed.signed_on IS NULL AND signed.hidden    THEN 'untold'
                WHEN signed.signed_on IS NULL                      THEN 'unsigned'
                WHEN begun.undated                                 THEN 'undated'
                ELSE 'in time' END                                           AS finding
    FROM signed
    LEFT JOIN begun USING (person_id)
)
SELECT person_id                                                             AS subject,
       coalesce(name, person_id)                                             AS label,
       CASE WHEN finding = 'in time'                              THEN true
            WHEN finding IN ('late', 'unsigned') AND current      THEN false END  AS ok,
       CASE finding
            WHEN 'late'     THEN 'signed on ' || CAST(signed_on AS TEXT) || ', but had an account by ' || CAST(by_on AS TEXT)
            WHEN 'untold'   THEN 'the list does not tell who signed'
            WHEN 'unsigned' THEN 'has not signed'
            WHEN 'undated'  THEN 'signed on ' || CAST(signed_on AS TEXT) || '; when the first account was made is unknown'
            ELSE 'signed on ' || CAST(signed_on AS TEXT) END                 AS detail
FROM judged
