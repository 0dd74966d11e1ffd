/*---
title    = "Delivery zones are kept apart"
promise  = "No zone for deliveries or visitors opens straight into a zone that processes data, unless that door has a recorded control."
why      = "Who carries a parcel in should not be able to carry a server out."
clauses  = ["ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2013 A.11.1.6"]
kind     = "state"
severity = "medium"
owner    = "facilities"
subjects = "doors of zones for deliveries and visitors"
may_be_empty = "a company may have no zone for deliveries or visitors that leads anywhere"
---*/
WITH ways AS (
    SELECT source, id, zone_id AS here, other_zone_id AS there, control FROM zone_doors
    UNION ALL
    SELECT source, id, other_zone_id, zone_id, control FROM zone_doors
),
judged AS (
    SELECT ways.source, ways.id, ways.here, ways.control, coalesce(inside.title, ways.here) || ' to ' || coalesce(beyond.title, ways.there) AS label,
           CASE WHEN ways.control IS NOT NULL THEN true ELSE NOT beyond.processes_data END  AS ok
    FROM ways
    JOIN (SELECT source, id AS here, title, kind FROM zones) AS inside USING (source, here)
    LEFT JOIN (SELECT source, id AS there, title, processes_data FROM zones) AS beyond USING (source, there)
    WHERE inside.kind IN ('delivery', 'visitor')
)
SELECT source || '/' || id || '/' || here                                    AS subject,
       label,
       ok,
       CASE WHEN ok IS NULL   THEN 'whether data are processed beyond it is unknown'
            WHEN ok           THEN coalesce('is controlled by ' || control, 'opens into a zone without data')
            ELSE 'opens into a zone that processes data, and nothing controls it' END  AS detail
FROM judged
