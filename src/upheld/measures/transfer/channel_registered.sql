/*---
title    = "Systems send only where they may"
promise  = "No connection of a monitored system goes anywhere but to an address of a channel that was entered for it and approved."
why      = "Data that leave by a way nobody entered leave without encryption, agreement or witness, and so do intruders."
clauses  = ["ISO/IEC 27001:2022 A.5.14", "ISO/IEC 27001:2022 A.8.12", "ISO/IEC 27001:2013 A.13.2.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
parameters = ["flows_looked_back"]
looks_back = { flows = "flows_looked_back" }
optional = ["systems"]
subjects = "places that systems sent to"
---*/
WITH went AS (
    SELECT system_id, address, port,
           max(coalesce(seen_at, seen_from_at))                              AS at
    FROM history.flows
    GROUP BY system_id, address, port
),
judged AS (
    SELECT went.system_id, went.address, went.port, went.at,
           min(place.channel_id)                                             AS channel_id
    FROM went
    LEFT JOIN channel_addresses AS place
        ON place.system_id = went.system_id
       AND CASE WHEN place.begins THEN starts_with(went.address, place.address) ELSE went.address = place.address END
       AND coalesce(place.port = went.port, place.port IS NULL)
    WHERE went.at >= $as_of - $flows_looked_back
    GROUP BY went.system_id, went.address, went.port, went.at
)
SELECT judged.system_id || '/' || judged.address || '/' || coalesce(CAST(judged.port AS TEXT), '')  AS subject,
       coalesce(min(system.name), judged.system_id) || ' to ' || judged.address || coalesce(':' || CAST(judged.port AS TEXT), '')  AS label,
       judged.channel_id IS NOT NULL                                         AS ok,
       CASE WHEN judged.channel_id IS NOT NULL   THEN 'by ' || judged.channel_id
            ELSE 'by no approved channel, last seen on ' || CAST(CAST(judged.at AS DATE) AS TEXT) END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
GROUP BY judged.system_id, judged.address, judged.port, judged.at, judged.channel_id
