/*---
title    = "Who enters is known"
promise  = "Every entry into a facility of ours is tied to an identified person of ours or visitor who was authorised to be there."
why      = "After a theft the first question is who was inside."
clauses  = ["ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2013 A.11.1.2", "GDPR 32(1)(b)"]
kind     = "never"
severity = "high"
owner    = "facilities"
subjects = "entries"
---*/
WITH place AS (
    SELECT zone.zone_id, zone.site_id, site.operated_by
    FROM (SELECT source, id AS zone_id, site_id FROM zones) AS zone
    JOIN (SELECT source, id AS site_id, operated_by FROM sites) AS site USING (source, site_id)
),
entry AS (
    SELECT entry.source, entry.id, entry.badge, entry.zone_id, entry.entered_at, entry.person_id, entry.visit_id, place.site_id
    FROM identified_entries AS entry
    LEFT JOIN place USING (zone_id)
    -- Not applicable: a provider's site, whose people are the provider's.
    WHERE place.operated_by IS DISTINCT FROM 'provider'
),
known AS (
    SELECT id AS person_id, max(name) AS name
    FROM engagements
    GROUP BY id
),
-- Whoever was let into any zone of the site on that day.
expected AS (
    SELECT entry.source, entry.id
    FROM entry
    JOIN known USING (person_id)
    JOIN zone_authorisations AS authorisation USING (person_id)
    JOIN place ON place.zone_id = authorisation.zone_id AND place.site_id = entry.site_id
    WHERE authorisation.from_on <= CAST(entry.entered_at AS DATE)
      AND coalesce(authorisation.until_on >= CAST(entry.entered_at AS DATE), true)
    UNION
    SELECT entry.source, entry.id
    FROM entry
    JOIN (SELECT id AS visit_id, site_id FROM visits) AS visit USING (visit_id, site_id)
),
judged AS (
    SELECT entry.source, entry.id, entry.badge, entry.visit_id, known.name, entry.person_id, entry.zone_id,
           CASE WHEN expected.there                                          THEN 'expected'
                WHEN entry.entered_at IS NULL                                THEN 'undated'
                WHEN entry.person_id IS NULL AND entry.visit_id IS NULL      THEN 'unknown badge'
                WHEN entry.visit_id IS NULL AND known.person_id IS NULL      THEN 'stranger'
                ELSE 'unexpected' END                                        AS finding
    FROM entry
    LEFT JOIN (SELECT source, id, true AS there FROM expected) AS expected USING (source, id)
    LEFT JOIN known USING (person_id)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(name, person_id, 'visit ' || visit_id, 'badge ' || badge, 'somebody') || ' into ' || coalesce(zone_id, 'a zone')  AS label,
       CASE WHEN finding = 'expected'    THEN true
            WHEN finding <> 'undated'    THEN false END                      AS ok,
       CASE finding
            WHEN 'expected'      THEN 'is known, and was expected'
            WHEN 'undated'       THEN 'when it was is unknown'
            WHEN 'unknown badge' THEN 'nobody is known to have had this badge'
            WHEN 'stranger'      THEN 'no list of people knows them'
            ELSE 'was not authorised to be there' END                        AS detail
FROM judged
