/*---
title    = "Where data may go is on the list"
promise  = "No country or organisation that personal data go to, as registered or as seen, is missing from the published list."
why      = "A list that is shorter than reality is worse than none: somebody relied on it."
clauses  = ["ISO/IEC 27701:2019 8.5.2", "ISO/IEC 27701:2025 A.2.5.3", "GDPR 30(2)(c)", "GDPR 44"]
kind     = "state"
severity = "high"
owner    = "dpo"
may_be_empty = "data need not go anywhere"
subjects = "destinations of personal data"
optional = ["observed_destinations"]
---*/
WITH shared AS (
    SELECT 'sub-processor' AS kind, source, id, title AS organisation, countries, started_on, ended_on
    FROM subprocessors
    UNION ALL
    SELECT 'transfer', source, id, recipient, countries, started_on, ended_on
    FROM transfers
),
in_use AS (
    SELECT kind, source, id, organisation, countries
    FROM shared
    -- Not applicable: what is only planned, and what ended.
    WHERE started_on IS NOT NULL AND coalesce(ended_on >= CAST($as_of AS DATE), true)
),
going AS (
    SELECT in_use.kind, in_use.source, in_use.id, in_use.organisation, place.country
    FROM in_use CROSS JOIN unnest(in_use.countries) AS place(country)
    UNION ALL
    SELECT kind, source, id, organisation, CAST(NULL AS TEXT)
    FROM in_use
    WHERE coalesce(array_length(countries), 0) = 0
    UNION ALL
    SELECT 'seen', source, id, organisation, country
    FROM observed_destinations
),
found AS (
    SELECT going.kind, going.source, going.id, going.organisation, going.country,
           count(listed.id)                                                  AS listed,
           coalesce(bool_or(
               listed.id IS NOT NULL AND coalesce(listed.organisation = going.organisation, listed.organisation IS NULL)
           ), false)                                                         AS fits
    FROM going
    LEFT JOIN published_destinations AS listed ON listed.country = going.country
    GROUP BY going.kind, going.source, going.id, going.organisation, going.country
)
SELECT kind || '/' || source || '/' || id || '/' || coalesce(country, '')    AS subject,
       coalesce(organisation, id) || coalesce(', ' || country, '')           AS label,
       CASE WHEN country IS NULL                            THEN NULL
            WHEN fits                                       THEN true
            -- Somebody there is on the list; whether it is this one was not told.
            WHEN listed > 0 AND organisation IS NULL        THEN NULL
            ELSE false END                                                   AS ok,
       CASE WHEN country IS NULL       THEN 'which country is not known'
            WHEN fits                  THEN 'on the list'
            WHEN listed > 0 AND organisation IS NULL THEN 'who has them there is not known'
            WHEN listed > 0            THEN 'not among those on the list there'
            ELSE 'a country that is not on the list' END                     AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM found
