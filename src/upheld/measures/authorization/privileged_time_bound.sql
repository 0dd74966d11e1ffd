/*---
title    = "Administrative rights are agreed by two, and end"
promise  = "Every administrative right that somebody holds was requested, agreed to by two people other than its holder, and ends on a day."
why      = "Administrative rights that nobody had to ask for, or that never end, are what an attacker looks for first."
clauses  = ["ISO/IEC 27001:2022 A.8.2", "ISO/IEC 27001:2013 A.9.2.3", "GDPR 32(1)(b)"]
kind     = "state"
severity = "critical"
owner    = "security-lead"
warn     = "14 days"
subjects = "administrative rights of people and programs"
may_be_empty = "Nobody holds administrative rights."
---*/
WITH requests AS (
    SELECT person.person_id, request.system_id, request.entitlement,
           max(request.until_on) FILTER (
               WHERE request.agreed_by_id <> request.approved_by_id
                 AND request.person_id NOT IN (request.agreed_by_id, request.approved_by_id)
           )                                                                 AS until_on
    FROM access_requests AS request
    JOIN engagements AS person ON person.id = request.person_id
    WHERE request.state = 'approved'
    GROUP BY person.person_id, request.system_id, request.entitlement
),
judged AS (
    SELECT held.source || '/' || held.system_id || '/' || held.account_id || '/' || held.entitlement  AS subject,
           owner.label || ': ' || held.entitlement                           AS label,
           coalesce(owner.person_name, owner.person_id)                      AS holder_name,
           owner.enabled AND held.privileged                                 AS certain,
           requests.until_on,
           CASE WHEN requests.until_on >= CAST($as_of AS DATE)   THEN 'bound'
                WHEN owner.person_id IS NULL                     THEN 'nobody'
                WHEN requests.until_on IS NOT NULL               THEN 'run out'
                WHEN requests.person_id IS NOT NULL              THEN 'unbound'
                ELSE 'unasked' END                                           AS finding
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    LEFT JOIN requests
           ON requests.person_id = owner.person_id AND requests.system_id = held.system_id AND requests.entitlement = held.entitlement
    WHERE held.privileged IS NOT FALSE
      -- Not applicable: what is switched off, and what the system's own software brings along.
      AND owner.enabled IS NOT FALSE
      AND coalesce(owner.kind, 'unknown') <> 'system'
)
SELECT subject,
       label,
       CASE WHEN finding = 'bound'                      THEN true
            WHEN finding <> 'nobody' AND certain        THEN false END       AS ok,
       CASE finding
            WHEN 'bound'    THEN 'agreed to by two, until ' || CAST(until_on AS TEXT)
            WHEN 'nobody'   THEN 'whose account it is, is unknown'
            WHEN 'run out'  THEN 'was granted to ' || holder_name || ' until ' || CAST(until_on AS TEXT)
            WHEN 'unbound'  THEN 'the request of ' || holder_name || ' has no end, or not two who agreed'
            ELSE 'no request of ' || holder_name || ' was approved' END      AS detail,
       CASE finding WHEN 'bound' THEN CAST(until_on AS TIMESTAMP) + INTERVAL 1 DAY END  AS flips_at
FROM judged
