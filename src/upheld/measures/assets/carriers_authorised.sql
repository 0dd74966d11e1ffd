/*---
title    = "Only authorised carriers are on the premises"
promise  = "Every portable data carrier that a host on the premises has seen was an authorised one whenever it was seen."
why      = "A stick found on the car park finds its way into a computer within the day."
clauses  = ["ISO/IEC 27001:2022 A.7.10", "ISO/IEC 27001:2013 A.8.3.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
---*/
WITH told AS (
    SELECT *, coalesce(serial, 'without a serial number on ' || host_id, 'unknown')  AS carrier
    FROM history.mount_events
    -- Not applicable: what a host saw elsewhere, and lines that were corrected since.
    WHERE on_premises IS NOT FALSE
      AND ended IS DISTINCT FROM 'changed'
),
sightings AS (
    SELECT told.source, told.carrier, told.id, told.mounted_at, told.on_premises,
           coalesce(bool_or(permission.approved_at <= told.mounted_at AND permission.from_at <= told.mounted_at
                            AND coalesce(permission.until_at > told.mounted_at, true)), false)  AS allowed
    FROM told
    LEFT JOIN (SELECT asset_id AS carrier, approved_at, from_at, until_at FROM asset_permissions WHERE kind = 'medium') AS permission USING (carrier)
    GROUP BY told.source, told.carrier, told.id, told.mounted_at, told.on_premises
),
summed AS (
    SELECT source, carrier,
           bool_and(allowed)                                                 AS allowed,
           count(id) FILTER (NOT allowed AND on_premises AND mounted_at IS NOT NULL)  AS wrong,
           max(mounted_at)                                                   AS last_at
    FROM sightings
    GROUP BY source, carrier
)
SELECT source || '/' || carrier                                              AS subject,
       carrier                                                               AS label,
       CASE WHEN wrong > 0   THEN false
            WHEN allowed     THEN true END                                   AS ok,
       CASE WHEN wrong > 0   THEN 'was seen without authorisation, last seen on ' || CAST(CAST(last_at AS DATE) AS TEXT)
            WHEN allowed     THEN 'was authorised whenever it was seen'
            ELSE 'where or when it was seen is unknown' END                  AS detail
FROM summed
