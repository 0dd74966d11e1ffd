/*---
title    = "Mail is protected"
promise  = "Every domain that sends mail enforces SPF, DKIM and DMARC, and takes mail over TLS."
why      = "Without them anybody writes in our name, and anybody on the way reads along."
clauses  = ["ISO/IEC 27001:2022 A.5.14", "ISO/IEC 27001:2013 A.13.2.3"]
kind     = "state"
severity = "high"
owner    = "it-operations"
parameters = ["spf_ends", "dmarc_policies"]
---*/
WITH judged AS (
    SELECT source, id,
           concat_ws(', ',
               CASE WHEN spf NOT IN $spf_ends                      THEN 'SPF says ' || spf END,
               -- Not applicable: nothing is signed where nothing is sent.
               CASE WHEN sends AND array_length(dkim_missing) > 0  THEN 'DKIM has no good key for ' || array_to_string(dkim_missing, ', ') END,
               CASE WHEN dmarc NOT IN $dmarc_policies              THEN 'DMARC says ' || dmarc END,
               CASE WHEN dmarc_percent < 100                       THEN 'DMARC is for ' || CAST(dmarc_percent AS TEXT) || ' in a hundred' END,
               CASE WHEN array_length(without_tls) > 0             THEN 'no TLS at ' || array_to_string(without_tls, ', ') END)  AS faults,
           concat_ws(', ',
               CASE WHEN spf IS NULL                               THEN 'SPF' END,
               CASE WHEN sends AND dkim_missing IS NULL            THEN 'DKIM, of which no selector was named' END,
               CASE WHEN dmarc IS NULL                             THEN 'DMARC' END,
               CASE WHEN coalesce(array_length(unreached) > 0, true)  THEN 'TLS of its mail servers' END)  AS doubts
    FROM mail_domains
)
SELECT source || '/' || id                                                   AS subject,
       id                                                                    AS label,
       CASE WHEN faults <> ''   THEN false
            WHEN doubts = ''    THEN true END                                AS ok,
       coalesce(nullif(faults, ''), 'unknown: ' || nullif(doubts, ''), 'protected')  AS detail
FROM judged
