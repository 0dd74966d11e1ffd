/*---
title    = "Rules of use are acknowledged before a thing is handed out"
promise  = "Everybody who holds an asset acknowledged the rules of its class before receiving it, and those rules as they are now."
why      = "A rule told after the fact binds nobody."
clauses  = ["ISO/IEC 27001:2022 A.5.10", "ISO/IEC 27001:2013 A.8.1.3"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
---*/
WITH person AS (
    SELECT id AS holder_id, max(name) AS name
    FROM engagements
    GROUP BY id
),
holding AS (
    SELECT custody.source, custody.id, custody.asset_id, custody.holder_id, custody.given_at, asset.title, class.class_id, class.rules_digest
    FROM asset_custodies AS custody
    LEFT JOIN (SELECT source, id AS asset_id, title, class_id FROM registered_assets) AS asset USING (source, asset_id)
    LEFT JOIN (SELECT source, id AS class_id, rules_digest FROM asset_classes) AS class USING (source, class_id)
    -- Not applicable: what came back.
    WHERE custody.returned_at IS NULL
),
judged AS (
    SELECT holding.source, holding.id, holding.asset_id, holding.holder_id, holding.title, holding.rules_digest,
           count(read.acknowledged_at) FILTER (read.acknowledged_at <= holding.given_at)  AS before,
           count(read.acknowledged_at) FILTER (read.digest = holding.rules_digest)        AS current
    FROM holding
    LEFT JOIN (SELECT source, class_id, person_id AS holder_id, acknowledged_at, digest FROM use_acknowledgements) AS read
        USING (source, class_id, holder_id)
    GROUP BY holding.source, holding.id, holding.asset_id, holding.holder_id, holding.title, holding.rules_digest
)
SELECT judged.source || '/' || judged.id                                     AS subject,
       coalesce(judged.title, judged.asset_id) || ', ' || coalesce(person.name, judged.holder_id)  AS label,
       judged.before > 0 AND judged.current > 0                              AS ok,
       CASE WHEN judged.rules_digest IS NULL   THEN 'there are no rules of use to acknowledge'
            WHEN judged.before = 0             THEN 'had not acknowledged the rules when it was handed out'
            ELSE 'has not acknowledged the rules as they are now' END        AS detail
FROM judged
LEFT JOIN person USING (holder_id)
