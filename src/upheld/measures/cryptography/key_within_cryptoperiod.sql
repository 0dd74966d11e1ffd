/*---
title    = "Keys are within their time and strong enough"
promise  = "No key is in use beyond its cryptoperiod, after it was compromised, or below its required strength."
why      = "The longer a key is in use, the more people and machines have had a chance to copy it."
clauses  = ["ISO/IEC 27001:2022 A.8.24", "ISO/IEC 27001:2013 A.10.1.2", "GDPR 32(1)(a)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "30 days"
parameters = ["period_access", "period_host", "period_certificate", "period_signing", "period_data", "rsa_bits", "curve_bits", "symmetric_bits"]
optional = ["registered_keys", "systems"]
---*/
WITH begun AS (
    SELECT key.*, register.retire_on,
           -- Where a key does not tell its age, the register of keys may.
           coalesce(key.created_at, CAST(register.activated_on AS TIMESTAMP))  AS begun_at
    FROM keys AS key
    LEFT JOIN registered_keys AS register ON register.fingerprint = key.fingerprint
    -- Not applicable: keys not yet or no longer in use.
    WHERE coalesce(key.state, 'unknown') NOT IN ('pre-active', 'suspended', 'deactivated', 'destroyed')
),
periods AS (
    SELECT *,
           CASE purpose
               WHEN 'ssh-user'        THEN begun_at + $period_access
               WHEN 'ssh-host'        THEN begun_at + $period_host
               WHEN 'tls'             THEN begun_at + $period_certificate
               WHEN 'git-signing'     THEN begun_at + $period_signing
               WHEN 'ledger-signing'  THEN begun_at + $period_signing
               WHEN 'data-encryption' THEN begun_at + $period_data END       AS period_ends_at,
           CASE algorithm
               WHEN 'RSA'     THEN bits >= $rsa_bits
               WHEN 'EC'      THEN bits >= $curve_bits
               WHEN 'AES'     THEN bits >= $symmetric_bits
               WHEN 'Ed25519' THEN true
               WHEN 'DSA'     THEN false END                                 AS strong
    FROM begun
),
ending AS (
    SELECT *,
           -- The earliest end counts: of its period, of the key itself, or the day that somebody set.
           least(period_ends_at, expires_at, CAST(retire_on AS TIMESTAMP) + INTERVAL 1 DAY)  AS ends_at
    FROM periods
),
judged AS (
    SELECT *,
           CASE WHEN state = 'compromised'        THEN 'compromised'
                WHEN NOT strong                   THEN 'weak'
                WHEN ends_at <= $as_of            THEN 'old'
                WHEN strong IS NULL               THEN 'strength unknown'
                WHEN period_ends_at IS NULL       THEN 'age unknown'
                ELSE 'in order' END                                          AS finding
    FROM ending
)
SELECT judged.source || '/' || judged.id                                     AS subject,
       judged.purpose || ' key ' || coalesce(judged.holder, judged.fingerprint) || ' on ' || coalesce(system.name, judged.system_id)  AS label,
       CASE WHEN judged.finding = 'in order'                                                        THEN true
            WHEN judged.finding IN ('compromised', 'weak', 'old') AND judged.state IS NOT NULL      THEN false END  AS ok,
       CASE judged.finding
            WHEN 'compromised'      THEN 'is compromised, and still there'
            WHEN 'weak'             THEN 'is too weak: ' || judged.algorithm || coalesce(' ' || judged.bits, '')
            WHEN 'old'              THEN 'should have been retired by ' || CAST(CAST(judged.ends_at AS DATE) AS TEXT)
            WHEN 'strength unknown' THEN 'its strength is unknown'
            WHEN 'age unknown'      THEN 'its age is unknown'
            ELSE 'is to be retired by ' || CAST(CAST(judged.ends_at AS DATE) AS TEXT) END  AS detail,
       judged.ends_at                                                        AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
