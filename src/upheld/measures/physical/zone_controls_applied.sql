/*---
title    = "Zones have the controls that their class needs"
promise  = "Every office, room and facility has every physical control that its classification requires."
why      = "A room that was classified higher and kept its old door is as open as before."
clauses  = ["ISO/IEC 27001:2022 A.7.3", "ISO/IEC 27001:2013 A.11.1.3"]
kind     = "state"
severity = "medium"
owner    = "facilities"
---*/
WITH needed AS (
    SELECT zone.source, zone.id, coalesce(zone.title, zone.id) AS label, zone.classification, rule.control,
           coalesce(rule.control = 'none' OR applied.there, false)           AS met
    FROM zones AS zone
    LEFT JOIN (SELECT source, classification, control FROM zone_control_rules) AS rule USING (source, classification)
    LEFT JOIN (SELECT source, zone_id AS id, control, true AS there FROM zone_controls GROUP BY source, zone_id, control) AS applied
        USING (source, id, control)
),
summed AS (
    SELECT source, id, label, classification, count(control)                 AS controls,
           string_agg(control, ', ' ORDER BY control) FILTER (NOT met)       AS missing
    FROM needed
    GROUP BY source, id, label, classification
)
SELECT source || '/' || id                                                   AS subject,
       label,
       CASE WHEN controls > 0 THEN missing IS NULL END                       AS ok,
       CASE WHEN controls = 0         THEN 'nobody said what a zone that is ' || coalesce(classification, 'of an unknown class') || ' needs'
            WHEN missing IS NULL      THEN 'has all that a zone that is ' || classification || ' needs'
            ELSE 'lacks ' || missing END                                     AS detail
FROM summed
