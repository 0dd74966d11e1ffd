/*---
title    = "External audits come every year"
promise  = "In the last three years no 12 months passed without an external audit, nor 36 months without one for certification, each by an independent body."
why      = "A certificate says what was true when somebody looked; somebody has to keep looking."
clauses  = ["ISO/IEC 27001:2022 A.5.35", "ISO/IEC 27001:2013 A.18.2.1"]
kind     = "cadence"
severity = "high"
owner    = "security-lead"
warn     = "60 days"
parameters = ["external_audit_interval", "recertification_interval", "audits_looked_back_on", "body_independence_after"]
subjects = "external audits, and the times between them"
---*/
WITH external AS (
    SELECT source, id, coalesce(title, id) AS title, certifies, body_id, CAST(ended_on AS TIMESTAMP) AS ended_at
    FROM audits
    WHERE is_external
),
-- The time looked back on begins as if an audit had ended just before.
starts AS (
    SELECT 'beginning'                                                       AS subject,
           'Three years ago'                                                 AS label,
           $as_of - $audits_looked_back_on                                   AS from_at
    UNION ALL
    SELECT source || '/' || id, 'After ' || title, ended_at
    FROM external
    WHERE ended_at > $as_of - $audits_looked_back_on
),
spans AS (
    SELECT subject, label, from_at, from_at + $external_audit_interval AS until_at,
           lead(from_at) OVER (ORDER BY from_at, subject)                    AS next_at
    FROM starts
),
certified AS (
    SELECT max(ended_at) AS ended_at
    FROM external
    WHERE certifies
),
bodies AS (
    SELECT external.source || '/' || external.id || '/body'                  AS subject,
           external.title || ', ' || coalesce(body.title, external.body_id)  AS label,
           CASE WHEN body.independence_checked_on IS NULL   THEN NULL
                ELSE coalesce(CAST(body.advised_until_on AS TIMESTAMP) + $body_independence_after <= external.ended_at, true) END  AS ok
    FROM external
    LEFT JOIN audit_bodies AS body ON body.source = external.source AND body.id = external.body_id
    WHERE external.ended_at > $as_of - $audits_looked_back_on
)
SELECT subject,
       label,
       coalesce(next_at, $as_of) <= until_at                                 AS ok,
       CASE WHEN next_at <= until_at      THEN 'the next external audit ended on ' || CAST(CAST(next_at AS DATE) AS TEXT)
            WHEN next_at IS NOT NULL      THEN 'no external audit until ' || CAST(CAST(next_at AS DATE) AS TEXT)
            WHEN until_at >= $as_of       THEN 'the next external audit must end by ' || CAST(CAST(until_at AS DATE) AS TEXT)
            ELSE 'no external audit since' END                               AS detail,
       CASE WHEN next_at IS NULL THEN until_at END                           AS flips_at
FROM spans
UNION ALL
SELECT 'certification',
       'Certification',
       coalesce(ended_at + $recertification_interval >= $as_of, false),
       coalesce('last audited for certification on ' || CAST(CAST(ended_at AS DATE) AS TEXT), 'no audit for certification has ended'),
       ended_at + $recertification_interval
FROM certified
UNION ALL
SELECT subject,
       label,
       ok,
       CASE WHEN ok           THEN 'it is independent of us'
            WHEN NOT ok       THEN 'it advised us on what it audited, too short a time before'
            ELSE 'nobody looked whether it is independent of us' END,
       NULL
FROM bodies
