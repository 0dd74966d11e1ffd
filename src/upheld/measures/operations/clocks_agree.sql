/*---
title    = "Clocks agree"
promise  = "The clock of every machine is measured in time, follows the agreed reference and is within the tolerance."
why      = "Logs of two machines tell one story only when their clocks agree."
clauses  = ["ISO/IEC 27001:2022 A.8.17", "ISO/IEC 27001:2013 A.12.4.4"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "2 hours"
parameters = ["clock_tolerance", "clock_reading_age", "time_references"]
---*/
WITH readings AS (
    SELECT system_id, way, measured_at, clock_offset, reference,
           -- The true offset lies within the uncertainty around what was measured.
           CASE WHEN synchronised IS FALSE OR stratum >= 16                                             THEN true
                WHEN clock_offset - coalesce(uncertainty, INTERVAL 0 SECOND) > $clock_tolerance         THEN true
                WHEN clock_offset + coalesce(uncertainty, INTERVAL 0 SECOND) < INTERVAL 0 SECOND - $clock_tolerance  THEN true
                WHEN clock_offset + coalesce(uncertainty, INTERVAL 0 SECOND) <= $clock_tolerance
                 AND clock_offset - coalesce(uncertainty, INTERVAL 0 SECOND) >= INTERVAL 0 SECOND - $clock_tolerance THEN false END  AS off,
           -- What it follows is told by its own clock service; nothing told is nothing followed.
           CASE WHEN reference IS NOT NULL           THEN NOT list_contains($time_references, reference)
                WHEN way IN ('chrony', 'timesyncd')  THEN true END           AS stray
    FROM clock_readings
    WHERE measured_at >= $as_of - $clock_reading_age
),
measured AS (
    SELECT system_id, max(measured_at) AS measured_at,
           bool_or(off)                                                      AS off,
           bool_or(NOT off)                                                  AS near,
           bool_or(stray)                                                    AS stray,
           bool_or(NOT stray)                                                AS follows,
           string_agg(way || coalesce(' follows ' || reference, ' follows nothing'), ', ' ORDER BY way) FILTER (WHERE stray)  AS strays,
           string_agg(way || ' ' || CAST(date_diff('millisecond', $as_of, $as_of + clock_offset) AS TEXT) || ' ms', ', ' ORDER BY way)  AS offsets
    FROM readings
    GROUP BY system_id
),
machines AS (
    SELECT id, max(name) AS name, bool_or(running) AS running
    FROM (
        SELECT id, name, in_operation AS running FROM systems WHERE kind = 'host' AND in_operation IS NOT FALSE
        UNION ALL
        SELECT id, name, true FROM hosts
        UNION ALL
        SELECT system_id, NULL, true FROM clock_readings
    ) AS machine
    WHERE NOT EXISTS (SELECT 1 FROM systems AS gone WHERE gone.id = machine.id AND gone.in_operation IS FALSE)
    GROUP BY id
)
SELECT machines.id                                                                        AS subject,
       coalesce(machines.name, machines.id)                                               AS label,
       CASE WHEN measured.off                                                 THEN false
            WHEN array_length($time_references) = 0                           THEN NULL
            WHEN measured.stray                                               THEN false
            WHEN measured.near AND measured.follows                           THEN true
            WHEN measured.system_id IS NULL AND machines.running              THEN false END  AS ok,
       CASE WHEN measured.system_id IS NULL                                   THEN 'its clock was not measured in time'
            WHEN measured.off                                                 THEN 'is off: ' || coalesce(measured.offsets, 'it follows nothing')
            WHEN array_length($time_references) = 0                           THEN 'which reference clocks must follow is not decided'
            WHEN measured.stray                                               THEN measured.strays
            WHEN measured.near IS NOT TRUE                                    THEN 'whether it is within the tolerance is unknown'
            WHEN measured.follows IS NOT TRUE                                 THEN 'what it follows is unknown'
            ELSE 'agrees: ' || measured.offsets END                                       AS detail,
       CASE WHEN measured.near AND measured.follows THEN measured.measured_at + $clock_reading_age END  AS flips_at
FROM machines
LEFT JOIN measured ON measured.system_id = machines.id
