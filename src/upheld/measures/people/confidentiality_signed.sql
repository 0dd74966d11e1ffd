/*---
title    = "Everybody is bound to confidentiality"
promise  = "Everybody who works here signed a confidentiality undertaking before their first account was made."
why      = "Whoever can see personal data must be bound to keep it before they see it, not some day after."
clauses  = ["ISO/IEC 27001:2022 A.6.6", "ISO/IEC 27001:2022 A.6.2", "ISO/IEC 27001:2013 A.13.2.4", "ISO/IEC 27001:2013 A.7.1.2", "GDPR 28(3)(b)", "GDPR 32(4)"]
kind     = "state"
severity = "high"
owner    = "people"
---*/
WITH first_seen AS (
    SELECT source, id, min(seen_from_at) AS seen_at
    FROM history.accounts
    GROUP BY source, id
),
-- When the first of somebody's own accounts came into being; an account that does not tell was there when it was first seen.
begun AS (
    SELECT owner.person_id,
           min(coalesce(account.created_at, first_seen.seen_at))             AS by_at,
           bool_or(account.created_at IS NULL)                               AS some_unknown
    FROM account_owners AS owner
    JOIN accounts AS account ON account.source = owner.source AND account.id = owner.account_id
    LEFT JOIN first_seen ON first_seen.source = account.source AND first_seen.id = account.id
    WHERE owner.person_id IS NOT NULL
      AND owner.matched_by IN ('person_ref', 'mail', 'user_name')
    GROUP BY owner.person_id
),
signed AS (
    SELECT engagement.person_id, max(engagement.name) AS name, bool_or(engagement.current) AS current,
           min(person.confidentiality_signed_on)                             AS signed_on,
           bool_or(untold.source IS NOT NULL)                                AS untold
    FROM engagements AS engagement
    JOIN people AS person ON person.source = engagement.source AND person.id = engagement.id
    LEFT JOIN (
        SELECT DISTINCT source FROM gaps WHERE table_name = 'people' AND column_name = 'confidentiality_signed_on'
    ) AS untold ON untold.source = engagement.source
    -- Not applicable: who left, and who has not begun.
    WHERE engagement.current IS NOT FALSE
    GROUP BY engagement.person_id
),
judged AS (
    SELECT signed.*, begun.by_at,
           CASE WHEN signed.signed_on IS NULL AND signed.untold                          THEN NULL
                WHEN signed.signed_on IS NULL                                            THEN false
                WHEN signed.signed_on > CAST(begun.by_at AS DATE)                        THEN false
                WHEN begun.some_unknown                                                  THEN NULL
                ELSE true END                                                            AS in_time
    FROM signed
    LEFT JOIN begun ON begun.person_id = signed.person_id
)
SELECT person_id                                                                          AS subject,
       coalesce(name, person_id)                                                          AS label,
       CASE WHEN in_time                THEN true
            WHEN NOT in_time AND current THEN false END                                   AS ok,
       CASE WHEN signed_on IS NULL AND untold                THEN 'the list does not tell who signed'
            WHEN signed_on IS NULL                           THEN 'has not signed'
            WHEN signed_on > CAST(by_at AS DATE)             THEN 'signed on ' || CAST(signed_on AS TEXT) || ', but had an account by ' || CAST(CAST(by_at AS DATE) AS TEXT)
            WHEN in_time IS NULL                             THEN 'signed on ' || CAST(signed_on AS TEXT) || '; when the first account was made is unknown'
            ELSE 'signed on ' || CAST(signed_on AS TEXT) END                              AS detail
FROM judged
