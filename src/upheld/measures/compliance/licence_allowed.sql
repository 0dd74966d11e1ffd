/*---
title    = "What we ship may be shipped"
promise  = "Every component of a product that we ship has a licence that is known and allowed."
why      = "One component under the wrong licence gives away the product, or forbids selling it."
clauses  = ["ISO/IEC 27001:2022 A.5.32", "ISO/IEC 27001:2013 A.18.1.2"]
kind     = "state"
severity = "medium"
owner    = "development"
---*/
WITH named AS (
    SELECT licence.source, licence.component_id, licence.choice, licence.licence_id, rule.decision
    FROM component_licences AS licence
    LEFT JOIN (SELECT lower(id) AS known_id, max(decision) AS decision FROM licence_rules GROUP BY lower(id)) AS rule
           ON rule.known_id = lower(licence.licence_id)
),
-- All licences of a choice hold; one choice that may be shipped is enough.
choices AS (
    SELECT source, component_id, choice,
           bool_and(coalesce(decision, 'unknown') = 'allowed')               AS allowed,
           bool_and(coalesce(decision, 'unknown') IN ('allowed', 'review'))  AS maybe
    FROM named
    GROUP BY source, component_id, choice
),
best AS (
    SELECT source, component_id,
           bool_or(allowed)                                                  AS allowed,
           bool_or(maybe)                                                    AS maybe
    FROM choices
    GROUP BY source, component_id
),
told AS (
    SELECT source, component_id,
           string_agg(DISTINCT licence_id || ' (' || coalesce(decision, 'unknown') || ')', ', ' ORDER BY licence_id || ' (' || coalesce(decision, 'unknown') || ')')  AS said
    FROM named
    GROUP BY source, component_id
)
SELECT component.source || '/' || component.id                               AS subject,
       component.product_id || ': ' || component.name || coalesce(' ' || component.version, '')  AS label,
       CASE WHEN best.allowed    THEN true
            WHEN best.maybe      THEN NULL
            ELSE false END                                                   AS ok,
       CASE WHEN best.component_id IS NULL   THEN 'its licence is unknown'
            WHEN best.allowed                THEN told.said
            WHEN best.maybe                  THEN 'to be reviewed: ' || told.said
            ELSE 'may not be shipped: ' || told.said END                     AS detail
FROM components AS component
LEFT JOIN best ON best.source = component.source AND best.component_id = component.id
LEFT JOIN told ON told.source = component.source AND told.component_id = component.id
