/*---
title    = "Apps send everything encrypted"
promise  = "No shipped version of a mobile app may speak without encryption, has an address in it that does, or sends to a host that is not ours."
why      = "Whoever runs the wireless network in a café reads what an app sends in the clear, and changes it."
clauses  = ["ISO/IEC 27001:2022 A.5.14", "ISO/IEC 27001:2022 A.8.26", "ISO/IEC 27001:2013 A.14.1.2", "GDPR 32(1)(a)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
parameters = ["app_hosts", "app_names_only"]
---*/
WITH spoken AS (
    SELECT build.source, build.id, clear.host, true AS in_clear
    FROM app_builds AS build CROSS JOIN unnest(build.cleartext_hosts) AS clear(host)
    UNION
    SELECT build.source, build.id, any_host.host, false
    FROM app_builds AS build CROSS JOIN unnest(build.hosts) AS any_host(host)
),
wrong AS (
    SELECT source, id,
           string_agg(host, ', ' ORDER BY host) FILTER (in_clear)            AS in_clear,
           string_agg(host, ', ' ORDER BY host) FILTER (NOT in_clear AND host NOT IN $app_hosts)  AS strange
    FROM spoken
    WHERE host NOT IN $app_names_only
    GROUP BY source, id
),
judged AS (
    SELECT build.source, build.id, build.app, build.app_version, build.platform,
           concat_ws(', ',
               CASE WHEN build.cleartext_permitted                       THEN 'permits cleartext' END,
               CASE WHEN array_length(build.cleartext_domains) > 0       THEN 'permits cleartext to ' || array_to_string(build.cleartext_domains, ', ') END,
               'has addresses without encryption: ' || wrong.in_clear,
               'sends to ' || wrong.strange)                                 AS faults,
           build.cleartext_permitted IS NOT NULL AND build.cleartext_domains IS NOT NULL
               AND build.cleartext_hosts IS NOT NULL AND build.hosts IS NOT NULL  AS told
    FROM app_builds AS build
    LEFT JOIN wrong USING (source, id)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(app, id) || coalesce(' ' || app_version, '') || ' for ' || platform  AS label,
       CASE WHEN faults <> ''   THEN false
            WHEN told           THEN true END                                AS ok,
       CASE WHEN faults <> ''   THEN faults
            WHEN told           THEN 'encrypts everything, and sends to our hosts alone'
            ELSE 'its package does not tell everything' END                  AS detail
FROM judged
