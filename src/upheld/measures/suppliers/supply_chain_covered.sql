/*---
title    = "Suppliers' own suppliers are covered"
promise  = "Every supplier of whose class it is required has agreed how it handles its own suppliers, and told us within the interval whom it uses for us."
why      = "The breach that reaches us through a supplier mostly began at one of its own."
clauses  = ["ISO/IEC 27001:2022 A.5.21", "ISO/IEC 27001:2013 A.15.1.3", "GDPR 28(2)"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "60 days"
duty     = { do = "Ask suppliers whom they use for us", action = "suppliers.note-disclosure", every = "chain_disclosure_interval" }
parameters = ["chain_disclosure_interval"]
subjects = "suppliers whose chain matters"
---*/
WITH in_force AS (
    SELECT source, supplier_id, requirements
    FROM supplier_agreements
    -- What nobody held against the signed text is a claim.
    WHERE checked_at IS NOT NULL
      AND from_on <= CAST($as_of AS DATE)
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
),
required AS (
    SELECT supplier.source, supplier.id, requirement.id AS requirement_id, max(requirement.title) AS title,
           count(agreement.supplier_id) > 0                                  AS contained
    FROM suppliers AS supplier
    -- Not applicable: who is of a class of which nothing about supply chains is required.
    JOIN supplier_requirements AS requirement
        ON requirement.source = supplier.source AND list_contains(requirement.tiers, supplier.tier) AND requirement.supply_chain
    LEFT JOIN in_force AS agreement
        ON agreement.source = supplier.source AND agreement.supplier_id = supplier.id
       AND list_contains(agreement.requirements, requirement.id)
    GROUP BY supplier.source, supplier.id, requirement.id
),
found AS (
    SELECT source, id,
           bool_and(contained)                                               AS contained,
           string_agg(title, ', ' ORDER BY title) FILTER (NOT contained)     AS missing
    FROM required
    GROUP BY source, id
)
SELECT supplier.source || '/' || supplier.id                                 AS subject,
       coalesce(supplier.title, supplier.id)                                 AS label,
       found.contained AND coalesce(supplier.chain_disclosed_at >= $as_of - $chain_disclosure_interval, false)  AS ok,
       CASE WHEN NOT found.contained THEN 'no agreement in force contains ' || found.missing
            ELSE coalesce('last told us on ' || CAST(CAST(supplier.chain_disclosed_at AS DATE) AS TEXT), 'never told us') END  AS detail,
       supplier.chain_disclosed_at + $chain_disclosure_interval              AS flips_at
FROM suppliers AS supplier
JOIN found USING (source, id)
-- Not applicable: who is not engaged yet, or no longer.
WHERE supplier.from_on <= CAST($as_of AS DATE)
  AND coalesce(supplier.until_on >= CAST($as_of AS DATE), true)
