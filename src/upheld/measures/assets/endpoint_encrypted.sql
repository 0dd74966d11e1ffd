/*---
title    = "Every endpoint is encrypted"
promise  = "No device in use has a data volume or swap area that is not encrypted."
why      = "A lost laptop is a lost laptop when it is encrypted, and a breach to report when it is not."
clauses  = ["ISO/IEC 27001:2022 A.8.1", "ISO/IEC 27001:2022 A.8.24", "ISO/IEC 27001:2013 A.6.2.1", "ISO/IEC 27001:2013 A.10.1.1", "GDPR 32(1)(a)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "3 days"
parameters = ["device_silence"]
optional = ["volumes"]
---*/
WITH disks AS (
    SELECT source, system_id AS id,
           bool_or(NOT encrypted)                                            AS plain,
           bool_or(encrypted IS NULL)                                        AS unknown,
           string_agg(mounted_on, ', ' ORDER BY mounted_on) FILTER (WHERE NOT encrypted)  AS names
    FROM volumes
    GROUP BY source, system_id
),
judged AS (
    SELECT device.source, device.id, device.name, device.in_use, device.last_seen_at, disks.names,
           CASE WHEN NOT device.encrypted OR disks.plain                             THEN 'plain'
                WHEN device.encrypted IS NULL OR disks.unknown                       THEN 'unknown'
                -- What a device last said counts while it still reports.
                WHEN device.last_seen_at >= $as_of - $device_silence                 THEN 'encrypted'
                ELSE 'silent' END                                            AS finding
    FROM devices AS device
    LEFT JOIN disks USING (source, id)
    -- Not applicable: what is in stock or gone.
    WHERE device.in_use IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(name, id)                                                    AS label,
       CASE WHEN finding = 'encrypted'               THEN true
            WHEN finding = 'plain' AND in_use        THEN false END          AS ok,
       CASE finding
            WHEN 'plain'     THEN 'is not encrypted' || coalesce(': ' || names, '')
            WHEN 'unknown'   THEN 'whether all of it is encrypted is unknown'
            WHEN 'encrypted' THEN 'is encrypted'
            ELSE coalesce('has not reported since ' || CAST(CAST(last_seen_at AS DATE) AS TEXT), 'when it last reported is unknown') END  AS detail,
       last_seen_at + $device_silence                                        AS flips_at
FROM judged
