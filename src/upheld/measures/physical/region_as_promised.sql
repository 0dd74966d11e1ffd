/*---
title    = "Customer data lie where we promise"
promise  = "No store or system with customer data is outside the promised regions."
why      = "A storage account made in the wrong region takes the data out of the law that was promised."
clauses  = ["ISO/IEC 27001:2022 A.5.23", "ISO/IEC 27001:2013 A.18.1.4", "GDPR 44"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
subjects = "stores and systems with customer data"
parameters = ["promised_regions"]
optional = ["store_states"]
---*/
WITH places AS (
    SELECT 'store/' || source || '/' || id AS subject, id AS label, region, customer_data AS counts
    FROM store_states
    UNION ALL
    SELECT 'system/' || source || '/' || id, coalesce(name, id), region, holds_personal_data
    FROM systems
    -- Not applicable: what serves nobody any more.
    WHERE in_operation IS NOT FALSE
)
SELECT subject,
       label,
       CASE WHEN region IN $promised_regions       THEN true
            WHEN counts AND region IS NOT NULL     THEN false END            AS ok,
       CASE WHEN region IS NULL                    THEN 'where it lies is unknown'
            WHEN region IN $promised_regions       THEN 'lies in ' || region
            WHEN counts                            THEN 'lies in ' || region || ', outside the promised regions'
            ELSE 'lies in ' || region || '; whether customer data are in it is unknown' END  AS detail
FROM places
-- Not applicable: what holds no such data.
WHERE counts IS NOT FALSE
