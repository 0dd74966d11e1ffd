/*---
title    = "Retired components are wiped"
promise  = "No retired component with storage lacks a sanitisation that somebody looked at, past the window."
why      = "A disk in a drawer holds the data of every customer who was ever on it."
clauses  = ["ISO/IEC 27001:2022 A.7.14", "ISO/IEC 27001:2022 A.8.10", "ISO/IEC 27001:2013 A.11.2.7"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "3 days"
subjects = "retired components"
parameters = ["component_wiping_window"]
may_be_empty = "a company may not have retired any component yet"
---*/
WITH wiped AS (
    SELECT source, asset_id AS id, max(verified_at) AS wiped_at
    FROM sanitisations
    WHERE verified
    GROUP BY source, asset_id
),
judged AS (
    SELECT component.source, component.id, coalesce(component.title, component.id) AS label, component.storage, component.retired_at, wiped.wiped_at,
           component.retired_at + $component_wiping_window                   AS due_at
    FROM registered_assets AS component
    LEFT JOIN wiped USING (source, id)
    -- Not applicable: what is in use still, and what no data can be stored on.
    WHERE component.kind = 'component'
      AND component.retired_at IS NOT NULL
      AND component.storage IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       label,
       CASE WHEN wiped_at IS NOT NULL OR due_at >= $as_of   THEN true
            WHEN storage                                    THEN false END   AS ok,
       coalesce('was wiped, and looked at, by ' || CAST(CAST(wiped_at AS DATE) AS TEXT),
                'was retired on ' || CAST(CAST(retired_at AS DATE) AS TEXT) || ', and not wiped and looked at yet')  AS detail,
       CASE WHEN wiped_at IS NULL THEN due_at END                            AS flips_at
FROM judged
