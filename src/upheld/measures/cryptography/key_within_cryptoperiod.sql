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
---*/
WITH periods AS (
    SELECT key.source, key.id, key.system_id, key.fingerprint, key.purpose, key.algorithm, key.bits, key.state, key.holder, key.expires_at,
           register.retire_on,
           -- Where the key itself does not tell its age, the register of keys may.
           coalesce(key.created_at, CAST(register.activated_on AS TIMESTAMP))
               + CASE key.purpose
                     WHEN 'ssh-user'        THEN $period_access
                     WHEN 'ssh-host'        THEN $period_host
                     WHEN 'tls'             THEN $period_certificate
                     WHEN 'git-signing'     THEN $period_signing
                     WHEN 'ledger-signing'  THEN $period_signing
                     WHEN 'data-encryption' THEN $period_data END            AS period_ends_at
    FROM keys AS key
    LEFT JOIN registered_keys AS register ON register.fingerprint = key.fingerprint
    -- Not applicable: keys not yet or no longer in use.
    WHERE coalesce(key.state, 'unknown') NOT IN ('pre-active', 'suspended', 'deactivated', 'destroyed')
),
ending AS (
    SELECT *,
           -- The earliest end counts: of its period, of the key itself, of the day somebody set.
           least(period_ends_at, expires_at, CAST(retire_on AS TIMESTAMP) + INTERVAL 1 DAY)  AS ends_at,
           CASE algorithm
               WHEN 'Ed25519' THEN true
               WHEN 'DSA'     THEN false
               WHEN 'RSA'     THEN bits >= $rsa_bits
               WHEN 'EC'      THEN bits >= $curve_bits
               WHEN 'AES'     THEN bits >= $symmetric_bits END               AS strong
    FROM periods
),
judged AS (
    SELECT *,
           CASE WHEN ends_at <= $as_of            THEN false
                WHEN period_ends_at IS NULL       THEN NULL
                ELSE true END                                                AS within_time
    FROM ending
)
SELECT judged.source || '/' || judged.id                                                  AS subject,
       judged.purpose || ' key ' || coalesce(judged.holder, judged.fingerprint) || ' on ' || coalesce(system.name, judged.system_id)  AS label,
       CASE WHEN judged.state = 'compromised'                                          THEN false
            WHEN NOT judged.strong AND judged.state IS NOT NULL                        THEN false
            WHEN NOT judged.within_time AND judged.state IS NOT NULL                   THEN false
            WHEN judged.strong AND judged.within_time                                  THEN true END  AS ok,
       CASE WHEN judged.state = 'compromised'     THEN 'is compromised, and still there'
            WHEN NOT judged.strong                THEN 'is too weak: ' || judged.algorithm || coalesce(' ' || judged.bits, '')
            WHEN NOT judged.within_time           THEN 'should have been retired on ' || CAST(CAST(judged.ends_at AS DATE) AS TEXT)
            WHEN judged.strong IS NULL            THEN 'its strength is unknown'
            WHEN judged.within_time IS NULL       THEN 'its age is unknown'
            ELSE 'is to be retired by ' || CAST(CAST(judged.ends_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN judged.strong AND judged.within_time AND coalesce(judged.state, 'active') <> 'compromised' THEN judged.ends_at END  AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
