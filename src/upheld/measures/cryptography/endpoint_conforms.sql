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
           string_agg(name, ', ' ORDER BY name) FILTER (WHERE untested)      AS untested
    FROM spoken
    WHERE NOT list_contains($allowed_protocols, name)
    GROUP BY source, id
),
faults AS (
    SELECT endpoint.source, endpoint.id, endpoint.service, endpoint.system_id, endpoint.reachable, endpoint.encrypts,
           endpoint.weakest_cipher, endpoint.key_kind, endpoint.key_bits, endpoint.signature_algorithm, endpoint.valid_until_at,
           old.offered, old.untested,
           CASE WHEN old.offered IS NOT NULL                                 THEN true
                WHEN endpoint.protocols IS NULL OR old.untested IS NOT NULL  THEN NULL
                ELSE false END                                               AS old_protocol,
           endpoint.weakest_cipher_bits < $cipher_bits                       AS weak_cipher,
           NOT endpoint.forward_secrecy                                      AS no_secrecy,
           CASE WHEN endpoint.key_kind = 'Ed25519' THEN false
                WHEN endpoint.key_kind = 'RSA'     THEN endpoint.key_bits < $rsa_bits
                WHEN endpoint.key_kind = 'EC'      THEN endpoint.key_bits < $curve_bits
                WHEN endpoint.key_kind IS NOT NULL THEN true END             AS weak_key,
           NOT list_contains($signature_algorithms, endpoint.signature_algorithm)  AS weak_signature,
           endpoint.valid_from_at > $as_of OR endpoint.valid_until_at <= $as_of    AS out_of_time,
           NOT endpoint.name_matches                                         AS other_name,
           NOT endpoint.trusted                                              AS untrusted
    FROM endpoints AS endpoint
    LEFT JOIN old ON old.source = endpoint.source AND old.id = endpoint.id
),
judged AS (
    SELECT *,
           -- Nothing that did not answer was measured.
           CASE WHEN reachable AND NOT encrypts THEN true
                WHEN reachable AND encrypts
                    THEN old_protocol OR weak_cipher OR no_secrecy OR weak_key OR weak_signature OR out_of_time OR other_name OR untrusted
                END                                                          AS faulty
    FROM faults
)
SELECT judged.source || '/' || judged.id                                                  AS subject,
       judged.id || coalesce(' (' || judged.service || ')', '') || ' of ' || coalesce(system.name, judged.system_id)  AS label,
       NOT judged.faulty                                                                  AS ok,
       CASE WHEN judged.reachable IS NOT TRUE THEN 'did not answer'
            WHEN judged.encrypts IS NULL      THEN 'whether it encrypts is unknown'
            WHEN NOT judged.encrypts          THEN 'does not encrypt'
            WHEN judged.faulty                THEN concat_ws(', ',
                    CASE WHEN judged.old_protocol   THEN 'offers ' || judged.offered END,
                    CASE WHEN judged.weak_cipher    THEN 'offers ' || coalesce(judged.weakest_cipher, 'a weak suite') END,
                    CASE WHEN judged.no_secrecy     THEN 'offers suites without forward secrecy' END,
                    CASE WHEN judged.weak_key       THEN 'has a weak key (' || judged.key_kind || coalesce(' ' || judged.key_bits, '') || ')' END,
                    CASE WHEN judged.weak_signature THEN 'is signed with ' || judged.signature_algorithm END,
                    CASE WHEN judged.out_of_time    THEN 'has a certificate that is not valid now' END,
                    CASE WHEN judged.other_name     THEN 'has a certificate for another name' END,
                    CASE WHEN judged.untrusted      THEN 'has a certificate that nobody trusted vouches for' END)
            WHEN judged.faulty IS NULL        THEN 'unknown: ' || concat_ws(', ',
                    CASE WHEN judged.old_protocol IS NULL   THEN 'whether it offers ' || coalesce(judged.untested, 'old protocols') END,
                    CASE WHEN judged.weak_cipher IS NULL    THEN 'its weakest suite' END,
                    CASE WHEN judged.no_secrecy IS NULL     THEN 'forward secrecy' END,
                    CASE WHEN judged.weak_key IS NULL       THEN 'its key' END,
                    CASE WHEN judged.weak_signature IS NULL THEN 'how its certificate is signed' END,
                    CASE WHEN judged.out_of_time IS NULL    THEN 'when its certificate is valid' END,
                    CASE WHEN judged.other_name IS NULL     THEN 'whether the name is right' END,
                    CASE WHEN judged.untrusted IS NULL      THEN 'whether it is trusted' END)
            ELSE 'conforms; certificate until ' || CAST(CAST(judged.valid_until_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN NOT judged.faulty THEN judged.valid_until_at END                         AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
