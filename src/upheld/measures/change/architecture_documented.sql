/*---
title    = "Architecture and features are described"
promise  = "Every service has a description of its architecture and of its features, within reach, that was found right since its last major release."
why      = "A design that nobody can read is changed by guessing."
clauses  = ["ISO/IEC 27001:2022 A.8.27", "ISO/IEC 27001:2013 A.14.2.5", "ISO/IEC 27001:2022 A.5.37"]
kind     = "state"
severity = "medium"
owner    = "development"
subjects = "services and what describes them"
---*/
WITH versions AS (
    SELECT repository.system_id, release.tagged_at, CAST(regexp_extract(release.tag, '^[^0-9]*([0-9]+)', 1) AS INTEGER) AS major
    FROM releases AS release
    JOIN repositories AS repository ON repository.source = release.source AND repository.id = release.repository_id
),
-- A major release is the first of its number; mending an older one later is none.
majors AS (
    SELECT system_id, major, min(tagged_at) AS tagged_at, bool_or(tagged_at IS NULL) AS undated
    FROM versions
    GROUP BY system_id, major
),
last AS (
    SELECT system_id, max(major) AS major, arg_max(tagged_at, major) AS tagged_at, arg_max(undated, major) AS undated
    FROM majors
    GROUP BY system_id
),
written AS (
    SELECT described.system_id, described.kind, described.reviewed_at,
           -- A policy can be read while a version of it is in force.
           CASE WHEN described.document_id IS NOT NULL THEN policy.version_id IS NOT NULL ELSE place.reachable END  AS reachable
    FROM system_descriptions AS described
    LEFT JOIN policies AS policy ON policy.id = described.document_id
    LEFT JOIN written_places AS place ON place.id = described.place
),
best AS (
    SELECT system_id, kind, count(*)                                         AS descriptions,
           max(reviewed_at) FILTER (WHERE reachable)                         AS reviewed_at,
           max(reviewed_at) FILTER (WHERE reachable IS NULL)                 AS perhaps_at,
           bool_or(reachable IS NOT FALSE)                                   AS perhaps_reachable
    FROM written
    GROUP BY system_id, kind
),
kinds AS (
    SELECT 'architecture' AS kind
    UNION ALL
    SELECT 'features'
),
needed AS (
    SELECT system.source, system.id, coalesce(system.name, system.id) AS name, system.in_operation AND system.kind IS NOT NULL AS certain, kinds.kind
    FROM systems AS system CROSS JOIN kinds
    -- Not applicable: what serves nobody, is no production, or is no service that people use.
    WHERE system.in_operation IS NOT FALSE
      AND coalesce(system.environment, 'production') = 'production'
      AND coalesce(system.kind, 'service') IN ('service', 'application')
),
judged AS (
    SELECT needed.source, needed.id, needed.name, needed.certain, needed.kind, best.reviewed_at, last.major, last.tagged_at,
           CASE WHEN best.descriptions IS NULL                               THEN 'none'
                WHEN best.reviewed_at >= coalesce(last.tagged_at, best.reviewed_at) AND last.undated IS NOT TRUE  THEN 'right'
                WHEN NOT best.perhaps_reachable                              THEN 'out of reach'
                WHEN last.undated                                            THEN 'undated'
                WHEN best.perhaps_at >= coalesce(last.tagged_at, best.perhaps_at)  THEN 'perhaps'
                ELSE 'older' END                                             AS finding
    FROM needed
    LEFT JOIN best ON best.system_id = needed.id AND best.kind = needed.kind
    LEFT JOIN last ON last.system_id = needed.id
)
SELECT source || '/' || id || '/' || kind                                    AS subject,
       name || ', ' || kind                                                  AS label,
       CASE WHEN finding = 'right'                                       THEN true
            WHEN finding NOT IN ('perhaps', 'undated') AND certain       THEN false END  AS ok,
       CASE finding
            WHEN 'right'         THEN 'found right on ' || CAST(CAST(reviewed_at AS DATE) AS TEXT)
            WHEN 'none'          THEN 'not described'
            WHEN 'out of reach'  THEN 'cannot be reached where it is said to be'
            WHEN 'undated'       THEN 'when version ' || major || ' was released is unknown'
            WHEN 'perhaps'       THEN 'whether it can be reached is unknown'
            ELSE coalesce('not found right since version ' || major || ' of ' || CAST(CAST(tagged_at AS DATE) AS TEXT), 'never found right') END  AS detail
FROM judged
