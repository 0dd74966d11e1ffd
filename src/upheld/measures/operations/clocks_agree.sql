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
optional = ["hosts"]
---*/
WITH readings AS (
    SELECT *,
           -- The true offset lies within the uncertainty around the measured one.
           abs(date_diff('microsecond', $as_of, $as_of + clock_offset))                                 AS off_by,
           coalesce(date_diff('microsecond', $as_of, $as_of + uncertainty), 0)                          AS give_or_take,
           date_diff('microsecond', $as_of, $as_of + $clock_tolerance)                                  AS tolerance
    FROM clock_readings
    WHERE measured_at >= $as_of - $clock_reading_age
),
measured AS (
    SELECT system_id,
           max(measured_at)                                                                             AS measured_at,
           bool_or(off_by - give_or_take > tolerance)                                                   AS off,
           bool_or(off_by + give_or_take <= tolerance)                                                  AS near,
           bool_or(NOT synchronised OR stratum >= 16)                                                   AS adrift,
           bool_or(NOT list_contains($time_references, reference))                                      AS astray,
           bool_or(list_contains($time_references, reference))                                          AS follows,
           string_agg(way || ': ' || coalesce(CAST(off_by / 1000 AS BIGINT) || ' ms off', 'by an unknown time') || coalesce(', follows ' || reference, ''),
                      '; ' ORDER BY way)                                                                AS said
    FROM readings
    GROUP BY system_id
),
machines AS (
    SELECT id, max(name) AS name, bool_or(running) AS running
    FROM (
        SELECT id, name, in_operation AS running FROM systems WHERE kind = 'host'
        UNION ALL
        SELECT id, name, true FROM hosts
        UNION ALL
        SELECT system_id, NULL, true FROM clock_readings
    ) AS machine
    -- Not applicable: what serves nobody.
    WHERE id NOT IN (SELECT id FROM systems WHERE in_operation IS FALSE)
    GROUP BY id
),
judged AS (
    SELECT machines.id, machines.name, machines.running, measured.measured_at, measured.said,
           CASE WHEN measured.system_id IS NULL                              THEN 'unmeasured'
                WHEN measured.off                                            THEN 'off'
                WHEN measured.adrift                                         THEN 'adrift'
                WHEN array_length($time_references) = 0                      THEN 'undecided'
                WHEN measured.astray                                         THEN 'astray'
                WHEN measured.near AND measured.follows                      THEN 'agrees'
                ELSE 'unknown' END                                           AS finding
    FROM machines
    LEFT JOIN measured ON measured.system_id = machines.id
)
SELECT id                                                                    AS subject,
       coalesce(name, id)                                                    AS label,
       CASE WHEN finding = 'agrees'                                          THEN true
            WHEN finding IN ('off', 'adrift', 'astray')                      THEN false
            WHEN finding = 'unmeasured' AND running                          THEN false END  AS ok,
       CASE finding
            WHEN 'unmeasured' THEN 'its clock was not measured in time'
            WHEN 'off'        THEN 'is off: ' || said
            WHEN 'adrift'     THEN 'follows nothing: ' || said
            WHEN 'undecided'  THEN 'which reference clocks must follow is not decided'
            WHEN 'astray'     THEN 'follows another reference: ' || said
            WHEN 'agrees'     THEN said
            ELSE 'what it follows, or how far it is off, is unknown' END     AS detail,
       measured_at + $clock_reading_age                                      AS flips_at
FROM judged
