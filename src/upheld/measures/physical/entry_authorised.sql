/*---
title    = "Only who is authorised enters"
promise  = "Every entry in the badge log was by somebody who was authorised for that zone at that time and worked here, or by a visitor who was granted it."
why      = "A door that opens for who left last month is a door without a lock."
clauses  = ["ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2013 A.11.1.2", "GDPR 32(1)(b)"]
kind     = "never"
severity = "high"
owner    = "facilities"
subjects = "entries"
---*/
WITH person AS (
    SELECT id AS person_id, max(name) AS name, max(ended_on) AS ended_on
    FROM engagements
    GROUP BY id
),
allowed AS (
    SELECT entry.source, entry.id, true AS allowed
    FROM identified_entries AS entry
    JOIN zone_authorisations AS authorisation USING (person_id, zone_id)
    JOIN person USING (person_id)
    WHERE authorisation.from_on <= CAST(entry.entered_at AS DATE)
      AND coalesce(authorisation.until_on >= CAST(entry.entered_at AS DATE), true)
      AND coalesce(authorisation.withdrawn_at >= entry.entered_at, true)
      AND coalesce(person.ended_on >= CAST(entry.entered_at AS DATE), true)
    GROUP BY entry.source, entry.id
),
granted AS (
    SELECT visit.id AS visit_id, named.zone_id, true AS granted
    FROM visits AS visit CROSS JOIN unnest(visit.zones) AS named(zone_id)
),
judged AS (
    SELECT entry.source, entry.id, entry.badge, entry.zone_id, entry.entered_at, entry.person_id, entry.visit_id,
           coalesce(person.name, entry.person_id)                            AS name,
           CASE WHEN allowed.allowed OR granted.granted                      THEN 'authorised'
                WHEN entry.entered_at IS NULL OR entry.zone_id IS NULL       THEN 'untold'
                WHEN person.ended_on < CAST(entry.entered_at AS DATE)        THEN 'left'
                ELSE 'not authorised' END                                    AS finding
    FROM identified_entries AS entry
    LEFT JOIN allowed USING (source, id)
    LEFT JOIN granted USING (visit_id, zone_id)
    LEFT JOIN person USING (person_id)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(name, 'visit ' || visit_id, 'badge ' || badge, 'somebody') || ' into ' || coalesce(zone_id, 'a zone')  AS label,
       CASE WHEN finding = 'authorised'   THEN true
            WHEN finding <> 'untold'      THEN false END                     AS ok,
       CASE finding
            WHEN 'authorised' THEN 'was authorised'
            WHEN 'untold'     THEN 'when or where it was is unknown'
            WHEN 'left'       THEN 'had left before it'
            ELSE 'was not authorised' END || coalesce(', ' || strftime(entered_at, '%Y-%m-%d %H:%M'), '')  AS detail
FROM judged
