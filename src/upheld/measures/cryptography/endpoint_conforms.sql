/*---
title    = "Endpoints keep to the cryptography standard"
promise  = "No endpoint offers a protocol, suite, key or signature below our standard, or a certificate that is expired, for another name, or untrusted."
why      = "Whoever listens picks the weakest thing on offer, whatever the strongest is."
clauses  = ["ISO/IEC 27001:2022 A.8.24", "ISO/IEC 27001:2022 A.5.14", "ISO/IEC 27001:2013 A.10.1.1", "ISO/IEC 27001:2013 A.13.2.1", "ISO/IEC 27001:2013 A.14.1.3", "GDPR 32(1)(a)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "21 days"
parameters = ["allowed_protocols", "cipher_bits", "rsa_bits", "curve_bits", "signature_algorithms"]
optional = ["systems"]
---*/
WITH spoken AS (
    SELECT endpoint.source, endpoint.id, version.name, false AS untested
    FROM endpoints AS endpoint CROSS JOIN unnest(endpoint.protocols) AS version(name)
    UNION ALL
    SELECT endpoint.source, endpoint.id, version.name, true
    FROM endpoints AS endpoint CROSS JOIN unnest(endpoint.protocols_untested) AS version(name)
),
old AS (
    SELECT source, id,
           string_agg(name, ', ' ORDER BY name) FILTER (WHERE NOT untested)  AS offered,
           string_agg(name, ', ' ORDER BY name)                              AS names
    FROM spoken
    WHERE NOT list_contains($allowed_protocols, name)
    GROUP BY source, id
),
answered AS (
    SELECT endpoint.*, old.offered, coalesce(old.names, CASE WHEN endpoint.protocols IS NULL THEN 'old protocols' END)  AS untested,
           endpoint.weakest_cipher_bits < $cipher_bits                       AS weak_cipher,
           NOT endpoint.forward_secrecy                                      AS no_secrecy,
           CASE endpoint.key_kind
                WHEN 'RSA'     THEN endpoint.key_bits < $rsa_bits
                WHEN 'EC'      THEN endpoint.key_bits < $curve_bits
                WHEN 'Ed25519' THEN false
                WHEN 'DSA'     THEN true END                                 AS weak_key,
           NOT list_contains($signature_algorithms, endpoint.signature_algorithm)  AS weak_signature,
           NOT $as_of BETWEEN endpoint.valid_from_at AND endpoint.valid_until_at   AS out_of_time,
           NOT endpoint.name_matches                                         AS misnamed,
           NOT endpoint.trusted                                              AS untrusted
    FROM endpoints AS endpoint
    LEFT JOIN old USING (source, id)
),
told AS (
    SELECT *,
           CASE WHEN NOT encrypts THEN 'does not encrypt'
                ELSE concat_ws(', ',
                   'offers ' || offered,
                   CASE weak_cipher    WHEN true THEN 'offers ' || coalesce(weakest_cipher, 'a weak suite') END,
                   CASE no_secrecy     WHEN true THEN 'offers suites without forward secrecy' END,
                   CASE weak_key       WHEN true THEN 'has a weak key (' || key_kind || coalesce(' ' || key_bits, '') || ')' END,
                   CASE weak_signature WHEN true THEN 'is signed with ' || signature_algorithm END,
                   CASE out_of_time    WHEN true THEN 'has a certificate that is not valid now' END,
                   CASE misnamed       WHEN true THEN 'has a certificate for another name' END,
                   CASE untrusted      WHEN true THEN 'has a certificate that nobody trusted vouches for' END) END  AS faults,
           concat_ws(', ',
               CASE WHEN encrypts IS NULL       THEN 'whether it encrypts' END,
               'whether it offers ' || untested,
               CASE WHEN weak_cipher IS NULL    THEN 'its weakest suite' END,
               CASE WHEN no_secrecy IS NULL     THEN 'its forward secrecy' END,
               CASE WHEN weak_key IS NULL       THEN 'its key' END,
               CASE WHEN weak_signature IS NULL THEN 'how its certificate is signed' END,
               CASE WHEN out_of_time IS NULL    THEN 'when its certificate is valid' END,
               CASE WHEN misnamed IS NULL       THEN 'whether its name is right' END,
               CASE WHEN untrusted IS NULL      THEN 'whether it is trusted' END)       AS doubts
    FROM answered
)
SELECT told.source || '/' || told.id                                         AS subject,
       told.id || ' of ' || coalesce(system.name, told.system_id)            AS label,
       -- What did not answer was not measured.
       CASE WHEN told.reachable AND told.faults <> ''     THEN false
            WHEN told.reachable AND told.doubts = ''      THEN true END      AS ok,
       CASE told.reachable
            WHEN true THEN coalesce(nullif(told.faults, ''), 'unknown: ' || nullif(told.doubts, ''), 'keeps to the standard')
            ELSE 'did not answer' END                                        AS detail,
       told.valid_until_at                                                   AS flips_at
FROM told
LEFT JOIN systems AS system ON system.id = told.system_id
