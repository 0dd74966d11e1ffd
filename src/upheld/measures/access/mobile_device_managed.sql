/*---
title    = "Mobile devices are managed"
promise  = "Every phone and tablet that reaches the company's systems is enrolled, encrypted and locked by a passcode, and reported within the window."
why      = "A phone that nobody manages is a copy of the mailbox in a taxi."
clauses  = ["ISO/IEC 27001:2022 A.8.1", "ISO/IEC 27001:2013 A.6.2.1", "GDPR 32(1)(b)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "2 days"
subjects = "mobile devices"
parameters = ["mobile_seen_within"]
---*/
WITH given_up AS (
    SELECT id, bool_and(retired_at IS NOT NULL OR lost_at IS NOT NULL) AS over
    FROM enrolled_devices
    GROUP BY id
),
seen AS (
    SELECT source || '/' || id AS subject, coalesce(name, id) AS label, id, enrolled, encrypted, passcode, tampered, last_contact_at
    FROM managed_devices
    WHERE kind IN ('phone', 'tablet')
    UNION ALL
    -- One that the register has and that no device management knows.
    SELECT source || '/register/' || id, id, id, CAST(NULL AS BOOLEAN), CAST(NULL AS BOOLEAN), CAST(NULL AS BOOLEAN), CAST(NULL AS BOOLEAN),
           CAST(NULL AS TIMESTAMP)
    FROM enrolled_devices
    WHERE kind IN ('phone', 'tablet')
      AND retired_at IS NULL
      AND lost_at IS NULL
      AND id NOT IN (SELECT id FROM managed_devices)
),
judged AS (
    SELECT seen.*,
           CASE WHEN given_up.over                                            THEN 'was lost or retired, and reports still'
                WHEN NOT seen.enrolled                                        THEN 'is not enrolled'
                WHEN NOT seen.encrypted                                       THEN 'is not encrypted'
                WHEN NOT seen.passcode                                        THEN 'asks for no passcode'
                WHEN seen.tampered                                            THEN 'had its protections taken off'
                WHEN seen.last_contact_at < $as_of - $mobile_seen_within      THEN 'was not seen for too long' END  AS wrong,
           seen.enrolled AND seen.encrypted AND seen.passcode AND NOT seen.tampered AND seen.last_contact_at IS NOT NULL  AS told
    FROM seen
    LEFT JOIN given_up USING (id)
)
SELECT subject,
       label,
       CASE WHEN wrong IS NOT NULL   THEN false
            WHEN told                THEN true END                           AS ok,
       CASE WHEN wrong IS NOT NULL   THEN wrong
            WHEN told                THEN 'enrolled, encrypted and locked; seen on ' || CAST(CAST(last_contact_at AS DATE) AS TEXT)
            ELSE 'whether it is enrolled, encrypted and locked, or when it was seen, is unknown' END  AS detail,
       last_contact_at + $mobile_seen_within                                 AS flips_at
FROM judged
