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
    SELECT source, system_id,
           bool_or(NOT encrypted)                                            AS some_open,
           bool_or(encrypted IS NULL)                                        AS some_unknown,
           string_agg(mounted_on, ', ' ORDER BY mounted_on) FILTER (WHERE NOT encrypted)  AS open_ones
    FROM volumes
    GROUP BY source, system_id
),
told AS (
    SELECT device.source, device.id, device.name, device.in_use, device.last_seen_at, disks.open_ones,
           -- What a device last said counts while it still reports.
           device.last_seen_at >= $as_of - $device_silence                   AS reports,
           CASE WHEN NOT device.encrypted OR disks.some_open                 THEN false
                WHEN device.encrypted IS NULL OR disks.some_unknown          THEN NULL
                ELSE true END                                                AS encrypted
    FROM devices AS device
    LEFT JOIN disks ON disks.source = device.source AND disks.system_id = device.id
    -- Not applicable: what is in stock or gone.
    WHERE device.in_use IS NOT FALSE
)
SELECT source || '/' || id                                                                AS subject,
       coalesce(name, id)                                                                 AS label,
       CASE WHEN encrypted AND reports             THEN true
            WHEN NOT encrypted AND in_use          THEN false END                         AS ok,
       CASE WHEN NOT encrypted                     THEN 'is not encrypted' || coalesce(': ' || open_ones, '')
            WHEN encrypted IS NULL                 THEN 'whether it is encrypted is unknown'
            WHEN last_seen_at IS NULL              THEN 'when it last reported is unknown'
            WHEN NOT reports                       THEN 'has not reported since ' || CAST(CAST(last_seen_at AS DATE) AS TEXT)
            ELSE 'is encrypted' END                                                       AS detail,
       CASE WHEN encrypted AND reports             THEN last_seen_at + $device_silence END  AS flips_at
FROM told
