/*---
title    = "Agreements with suppliers are in force"
promise  = "With every supplier that touches our information, signed agreements are in force that contain every requirement of its risk class."
why      = "What was not agreed cannot be demanded, least of all after an incident."
clauses  = ["ISO/IEC 27001:2022 A.5.20", "ISO/IEC 27001:2013 A.15.1.2", "GDPR 28(3)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "60 days"
subjects = "suppliers with access"
---*/
WITH in_force AS (
    SELECT source, supplier_id, requirements, until_on
    FROM supplier_agreements
    -- What nobody held against the signed text is a claim.
    WHERE checked_at IS NOT NULL
      AND from_on <= CAST($as_of AS DATE)
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
),
required AS (
    SELECT supplier.source, supplier.id, requirement.id AS requirement_id, max(requirement.title) AS title,
           count(agreement.supplier_id) > 0                                  AS contained,
           -- An agreement without an end runs for ever.
           CASE WHEN bool_or(agreement.until_on IS NULL) THEN NULL
                ELSE max(agreement.until_on) END                             AS until_on
    FROM suppliers AS supplier
    JOIN supplier_requirements AS requirement
        ON requirement.source = supplier.source AND list_contains(requirement.tiers, supplier.tier)
    LEFT JOIN in_force AS agreement
        ON agreement.source = supplier.source AND agreement.supplier_id = supplier.id
       AND list_contains(agreement.requirements, requirement.id)
    GROUP BY supplier.source, supplier.id, requirement.id
),
found AS (
    SELECT source, id,
           bool_and(contained)                                               AS contained,
           string_agg(title, ', ' ORDER BY title) FILTER (NOT contained)     AS missing,
           min(until_on)                                                     AS until_on
    FROM required
    GROUP BY source, id
)
SELECT supplier.source || '/' || supplier.id                                 AS subject,
       coalesce(supplier.title, supplier.id)                                 AS label,
       -- Nothing required of its class: nobody said what must be agreed, so nothing is shown.
       CASE WHEN found.contained                           THEN true
            WHEN found.id IS NOT NULL AND supplier.touches THEN false END    AS ok,
       CASE WHEN found.id IS NULL    THEN 'nothing is required of its class, ' || coalesce(supplier.tier, 'which is unknown')
            WHEN found.contained     THEN coalesce('agreed until ' || CAST(found.until_on AS TEXT), 'agreed without an end')
            ELSE 'no agreement in force contains ' || found.missing END      AS detail,
       CAST(found.until_on AS TIMESTAMP) + INTERVAL 1 DAY                    AS flips_at
FROM suppliers AS supplier
LEFT JOIN found USING (source, id)
-- Not applicable: who touches nothing of ours, is not engaged yet, or no longer.
WHERE supplier.touches IS NOT FALSE
  AND supplier.from_on <= CAST($as_of AS DATE)
  AND coalesce(supplier.until_on >= CAST($as_of AS DATE), true)
