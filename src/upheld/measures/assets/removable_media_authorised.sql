/*---
title    = "Removable media are registered, authorised and encrypted"
promise  = "No removable medium was mounted on a host that was not registered, authorised at that time, and encrypted."
why      = "What fits into a pocket carries a database out, and malware in."
clauses  = ["ISO/IEC 27001:2022 A.7.10", "ISO/IEC 27001:2013 A.8.3.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
---*/
-- A line that left the log was still told.
WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.mount_events
),
media AS (
    SELECT id AS serial, true AS registered
    FROM registered_assets
    WHERE kind = 'medium'
    GROUP BY id
),
allowed AS (
    SELECT event.source, event.id, true AS allowed
    FROM told AS event
    JOIN (SELECT asset_id AS serial, approved_at, from_at, until_at FROM asset_permissions WHERE kind = 'medium') AS permission USING (serial)
    WHERE greatest(permission.approved_at, permission.from_at) <= event.mounted_at
      AND permission.approved_at IS NOT NULL
      AND coalesce(permission.until_at > event.mounted_at, true)
    GROUP BY event.source, event.id
),
judged AS (
    SELECT event.source, event.id, event.host_id, event.serial, event.mounted_at,
           CASE WHEN event.mounted_at IS NULL                                THEN 'undated'
                WHEN media.registered IS NULL                                THEN 'not registered'
                WHEN allowed.allowed IS NULL                                 THEN 'not authorised'
                WHEN event.encrypted                                         THEN 'in order'
                WHEN NOT event.encrypted                                     THEN 'not encrypted'
                ELSE 'untold' END                                            AS finding
    FROM told AS event
    LEFT JOIN media USING (serial)
    LEFT JOIN allowed USING (source, id)
    WHERE event.age = 1
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(serial, 'a medium without a serial number') || ' on ' || coalesce(host_id, 'a host')  AS label,
       CASE WHEN finding = 'in order'                     THEN true
            WHEN finding NOT IN ('undated', 'untold')     THEN false END     AS ok,
       CASE finding
            WHEN 'in order' THEN 'was registered, authorised and encrypted'
            WHEN 'undated'  THEN 'when it was is unknown'
            WHEN 'untold'   THEN 'whether it was encrypted is unknown'
            ELSE 'was ' || finding END || coalesce(', ' || strftime(mounted_at, '%Y-%m-%d %H:%M'), '')  AS detail
FROM judged
