/*---
title    = "Certifications are proven"
promise  = "Each certification that we claim has a certificate in date, for the scope we state, from an accredited body."
why      = "A logo of a certificate that lapsed is a false statement to every customer."
clauses  = ["ISO/IEC 27001:2022 A.5.36"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "90 days"
---*/
WITH looked_at AS (
    SELECT certificate.source, certificate.certification_id, certificate.until_on, certificate.scope_agrees,
           certificate.issued_on <= CAST($as_of AS DATE) AND certificate.until_on >= CAST($as_of AS DATE) AND certificate.withdrawn_on IS NULL  AS in_date,
           body.accreditor IS NOT NULL AND body.accredited_until_on >= CAST($as_of AS DATE)  AS accredited,
           -- It ends with the accreditation of who issued it.
           CAST(least(certificate.until_on, body.accredited_until_on) AS TIMESTAMP) + INTERVAL 1 DAY  AS ends_at
    FROM certificates AS certificate
    LEFT JOIN audit_bodies AS body ON body.source = certificate.source AND body.id = certificate.body_id
),
proofs AS (
    SELECT source, certification_id, until_on, ends_at, in_date,
           in_date AND scope_agrees                                          AS scoped,
           in_date AND scope_agrees AND accredited                           AS proves
    FROM looked_at
),
summed AS (
    SELECT source, certification_id,
           max(until_on)                                                     AS until_on,
           bool_or(in_date)                                                  AS dated,
           bool_or(scoped)                                                   AS scoped,
           CASE WHEN bool_or(proves)              THEN true
                WHEN bool_or(proves IS NULL)      THEN NULL
                ELSE false END                                               AS proven,
           max(ends_at) FILTER (proves)                                      AS ends_at
    FROM proofs
    GROUP BY source, certification_id
)
SELECT claim.source || '/' || claim.id                                       AS subject,
       coalesce(claim.standard, claim.id)                                    AS label,
       CASE WHEN summed.certification_id IS NULL   THEN false
            ELSE summed.proven END                                           AS ok,
       CASE WHEN summed.certification_id IS NULL   THEN 'there is no certificate'
            WHEN summed.proven                     THEN 'certified until ' || CAST(summed.until_on AS TEXT)
            WHEN NOT summed.dated                  THEN 'no certificate is in date; the last one ran until ' || CAST(summed.until_on AS TEXT)
            WHEN NOT summed.scoped                 THEN 'the certificate covers less than we claim'
            WHEN NOT summed.proven                 THEN 'the body that issued it is not accredited'
            ELSE 'whether a certificate proves it is unknown' END            AS detail,
       summed.ends_at                                                        AS flips_at
FROM certifications AS claim
LEFT JOIN summed ON summed.source = claim.source AND summed.certification_id = claim.id
