/*---
title    = "Marketing has a consent"
promise  = "Each use of personal data for marketing had a consent that was given before and not withdrawn."
why      = "A withdrawal that does not reach whatever sends is no withdrawal."
clauses  = ["ISO/IEC 27701:2019 8.2.3", "ISO/IEC 27701:2025 A.2.2.4", "GDPR 7"]
kind     = "never"
severity = "high"
owner    = "dpo"
may_be_empty = "a company need not do marketing with personal data"
subjects = "uses for marketing"
---*/
WITH found AS (
    SELECT used.source, used.id, used.principal, used.purpose, used.used_at,
           count(consent.id)                                                 AS consents
    FROM marketing_uses AS used
    LEFT JOIN consents AS consent
        ON consent.principal = used.principal AND consent.purpose = used.purpose AND consent.given_at <= used.used_at
        AND coalesce(consent.withdrawn_at > used.used_at, true)
    GROUP BY used.source, used.id, used.principal, used.purpose, used.used_at
)
SELECT source || '/' || id                                                   AS subject,
       id || coalesce(', ' || purpose, '')                                   AS label,
       CASE WHEN consents > 0 THEN true
            WHEN principal IS NOT NULL AND purpose IS NOT NULL AND used_at IS NOT NULL THEN false END  AS ok,
       CASE WHEN consents > 0 THEN 'consented'
            ELSE 'no consent in force for ' || coalesce(purpose, 'a purpose that was not told')
                 || coalesce(' on ' || CAST(CAST(used_at AS DATE) AS TEXT), '') END  AS detail
FROM found
