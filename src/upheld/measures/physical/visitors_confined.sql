/*---
title    = "Visitors go where they may"
promise  = "No visitor was in a zone that was not granted to them or in which data are processed, and none is inside after closing."
why      = "A visitor alone at night in the wrong room needs no password."
clauses  = ["ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2013 A.11.1.2", "ISO/IEC 27001:2013 A.11.1.6"]
kind     = "never"
severity = "high"
owner    = "facilities"
warn     = "30 minutes"
---*/
WITH rooms AS (
    SELECT id AS zone_id, max(title) AS title, bool_or(processes_data) AS processes_data
    FROM zones
    GROUP BY id
),
granted AS (
    SELECT visit.source, visit.id, named.zone_id, true AS allowed
    FROM visits AS visit CROSS JOIN unnest(visit.zones) AS named(zone_id)
),
-- Where each was, and what each was granted.
been AS (
    SELECT visit.source, visit.id, entry.zone_id
    FROM visits AS visit
    JOIN (SELECT visit_id AS id, zone_id FROM identified_entries) AS entry USING (id)
    UNION
    SELECT source, id, zone_id FROM granted
),
wrong AS (
    SELECT been.source, been.id, string_agg(coalesce(rooms.title, been.zone_id), ', ' ORDER BY been.zone_id) AS zones
    FROM been
    LEFT JOIN granted USING (source, id, zone_id)
    LEFT JOIN rooms USING (zone_id)
    WHERE rooms.processes_data OR granted.allowed IS NULL
    GROUP BY been.source, been.id
),
judged AS (
    SELECT visit.source, visit.id, visit.site_id, visit.host_id, visit.in_at, visit.out_at, visit.leave_by_at, wrong.zones,
           CASE WHEN wrong.zones IS NOT NULL                                 THEN 'strayed'
                WHEN coalesce(visit.out_at, $as_of) > visit.leave_by_at      THEN 'late'
                WHEN visit.leave_by_at IS NULL                               THEN 'untold'
                ELSE 'confined' END                                          AS finding
    FROM visits AS visit
    LEFT JOIN wrong USING (source, id)
)
SELECT source || '/' || id                                                   AS subject,
       'Visit ' || id || ' to ' || site_id || coalesce(' on ' || CAST(CAST(in_at AS DATE) AS TEXT), '')  AS label,
       CASE WHEN finding = 'confined'             THEN true
            WHEN finding IN ('strayed', 'late')   THEN false END             AS ok,
       CASE finding
            WHEN 'strayed'  THEN 'was in, or was granted, what visitors do not enter: ' || zones
            WHEN 'late'     THEN coalesce('left at ' || strftime(out_at, '%Y-%m-%d %H:%M'), 'is inside still') || ', after closing'
            WHEN 'untold'   THEN 'when the site closed is unknown'
            ELSE coalesce('left at ' || strftime(out_at, '%Y-%m-%d %H:%M'), 'is inside') END  AS detail,
       CASE WHEN out_at IS NULL THEN leave_by_at END                         AS flips_at
FROM judged
