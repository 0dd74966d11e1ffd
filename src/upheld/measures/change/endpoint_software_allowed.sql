/*---
title    = "Endpoints have allowed software alone"
promise  = "No endpoint has software that is denied, or that neither the list nor a granted request allows."
why      = "What users install for themselves brings in what nobody patches."
clauses  = ["ISO/IEC 27001:2022 A.8.19", "ISO/IEC 27001:2013 A.12.6.2"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "7 days"
---*/
WITH asked AS (
    SELECT software.source, software.id, max(coalesce(request.until_on, DATE '9999-01-01')) AS until_on
    FROM endpoint_software AS software
    JOIN devices AS device ON device.id = software.device_id
    JOIN software_requests AS request
      ON lower(request.software) = lower(software.name)
     AND coalesce(request.device_id = software.device_id, request.person_id = device.owner_id)
    WHERE request.approved_by_id <> request.person_id
      AND coalesce(request.until_on >= CAST($as_of AS DATE), true)
    GROUP BY software.source, software.id
),
ruled AS (
    SELECT software.source, software.id, bool_or(NOT rule.allowed) AS denied
    FROM endpoint_software AS software
    JOIN software_rules AS rule
      ON CASE WHEN rule.beginning THEN starts_with(lower(software.name), lower(rule.software))
              ELSE lower(software.name) = lower(rule.software) END
    WHERE rule.manager IS NULL OR rule.manager = software.manager
    GROUP BY software.source, software.id
),
judged AS (
    SELECT software.device_id, software.name,
           CASE WHEN ruled.denied                   THEN 'is denied'
                WHEN NOT ruled.denied               THEN NULL
                WHEN asked.until_on IS NOT NULL     THEN NULL
                ELSE 'is not on the list' END                                AS wrong,
           CASE WHEN ruled.denied IS NULL THEN asked.until_on END            AS until_on
    FROM endpoint_software AS software
    LEFT JOIN ruled USING (source, id)
    LEFT JOIN asked USING (source, id)
),
numbered AS (
    SELECT device_id, name, wrong, until_on, row_number() OVER (PARTITION BY device_id ORDER BY wrong IS NULL, name) AS place
    FROM judged
),
by_device AS (
    SELECT device_id AS id, count(*) AS pieces, count(wrong) AS wrongs, min(until_on) AS until_on,
           -- The first three are named; a device can have thousands.
           string_agg(name || ' ' || wrong, ', ' ORDER BY place) FILTER (WHERE place <= 3)  AS named
    FROM numbered
    GROUP BY device_id
)
SELECT device.source || '/' || device.id                                     AS subject,
       coalesce(device.name, device.id)                                      AS label,
       CASE WHEN by_device.wrongs = 0                            THEN true
            WHEN by_device.wrongs > 0 AND device.in_use          THEN false END  AS ok,
       CASE WHEN by_device.pieces IS NULL      THEN 'what is installed on it is not told'
            WHEN by_device.wrongs > 3          THEN by_device.named || ' and ' || (by_device.wrongs - 3) || ' more'
            ELSE coalesce(by_device.named, by_device.pieces || ' pieces of software, all allowed') END  AS detail,
       CAST(nullif(by_device.until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY  AS flips_at
FROM devices AS device
-- A serial number is the same to whoever tells of it.
LEFT JOIN by_device USING (id)
-- Not applicable: what nobody uses, and servers, whose installations are changes.
WHERE device.in_use IS NOT FALSE
  AND coalesce(device.kind, 'laptop') <> 'server'
