/*---
title    = "Movers lose what the old job gave"
promise  = "Nobody keeps, past the window, a right that only a former job of theirs explains."
why      = "Whoever has been everywhere can do everything."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.6.5", "ISO/IEC 27001:2013 A.9.2.6"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "3 days"
subjects = "rights that a former job gave"
parameters = ["mover_window"]
optional = ["systems"]
may_be_empty = "Nobody changed jobs, or nothing of a former job is left."
---*/
WITH former AS (
    SELECT person.person_id, was.role, max(was.seen_until_at) AS left_at
    FROM history.people AS was
    JOIN engagements AS person ON person.source = was.source AND person.id = was.id
    WHERE was.role <> person.role
      AND was.seen_until_at IS NOT NULL
    GROUP BY person.person_id, was.role
),
requests AS (
    SELECT person.person_id, request.system_id, request.entitlement
    FROM granted_requests AS request
    JOIN engagements AS person ON person.id = request.person_id
    WHERE request.approved_by IS NOT NULL
      AND coalesce(request.until_on >= CAST($as_of AS DATE), true)
    GROUP BY person.person_id, request.system_id, request.entitlement
),
kept AS (
    SELECT held.source || '/' || held.system_id || '/' || held.account_id || '/' || held.entitlement  AS subject,
           owner.label, held.system_id, held.entitlement, owner.enabled, owner.person_id, owner.role,
           coalesce(owner.person_name, owner.person_id)                      AS holder_name,
           min(former.role)                                                  AS former_role,
           max(former.left_at)                                               AS left_at
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    JOIN former ON former.person_id = owner.person_id
    JOIN role_entitlements AS gave
      ON gave.role = former.role AND gave.system_id = held.system_id AND gave.entitlement = held.entitlement
    WHERE held.direct
      -- Not applicable: programs, for which somebody answers whatever their job, and what is switched off.
      AND owner.matched_by NOT IN ('owner_ref', 'system_owner')
      AND owner.enabled IS NOT FALSE
    GROUP BY held.source, held.system_id, held.account_id, held.entitlement, owner.label, owner.enabled, owner.person_id, owner.role,
             owner.person_name
),
judged AS (
    SELECT kept.*,
           kept.left_at + $mover_window                                      AS by_at,
           CASE WHEN bool_or(gives.role IN ('*', kept.role))                 THEN 'role'
                WHEN bool_or(requests.person_id IS NOT NULL)                 THEN 'request'
                WHEN kept.left_at + $mover_window >= $as_of                  THEN 'to go'
                ELSE 'kept' END                                              AS finding
    FROM kept
    LEFT JOIN role_entitlements AS gives ON gives.system_id = kept.system_id AND gives.entitlement = kept.entitlement
    LEFT JOIN requests
           ON requests.person_id = kept.person_id AND requests.system_id = kept.system_id AND requests.entitlement = kept.entitlement
    GROUP BY kept.subject, kept.label, kept.system_id, kept.entitlement, kept.enabled, kept.person_id, kept.role, kept.holder_name,
             kept.former_role, kept.left_at
)
SELECT subject,
       label || ': ' || entitlement                                          AS label,
       CASE WHEN finding <> 'kept'   THEN true
            WHEN enabled             THEN false END                          AS ok,
       CASE finding
            WHEN 'role'     THEN 'comes with the present role of ' || holder_name
            WHEN 'request'  THEN 'was granted to ' || holder_name || ' on request'
            WHEN 'to go'    THEN 'came with the former role ' || former_role || ', and is to go'
            ELSE 'came with the role ' || former_role || ', which ' || holder_name || ' left on ' || CAST(CAST(left_at AS DATE) AS TEXT) END  AS detail,
       CASE finding WHEN 'to go' THEN by_at END                              AS flips_at
FROM judged
