/*---
title    = "Auditors are independent"
promise  = "No auditor owned anything in an audit's scope during the time that it looks back on."
why      = "Nobody finds what they have to answer for themselves."
clauses  = ["ISO/IEC 27001:2022 A.5.35", "ISO/IEC 27001:2013 A.18.2.1"]
kind     = "never"
severity = "high"
owner    = "security-lead"
subjects = "auditors in audits"
---*/
WITH auditing AS (
    SELECT auditor.source, auditor.id, auditor.audit_id, auditor.person_id, audit.title, audit.period_from_on, audit.period_until_on
    FROM audit_auditors AS auditor
    JOIN audits AS audit ON audit.source = auditor.source AND audit.id = auditor.audit_id
),
-- What they answered for in the period: roles that own a chapter in scope, and systems in scope.
owned AS (
    SELECT auditing.source, auditing.id, holder.responsibility_id            AS what
    FROM auditing
    JOIN audit_scopes AS scope ON scope.source = auditing.source AND scope.audit_id = auditing.audit_id
    JOIN promise_chapters AS chapter ON chapter.id = scope.name
    JOIN responsibility_holders AS holder ON holder.person_id = auditing.person_id AND list_contains(chapter.roles, holder.responsibility_id)
    WHERE scope.kind = 'chapter'
      AND holder.part IN ('accountable', 'responsible')
      AND holder.from_on <= auditing.period_until_on
      AND coalesce(holder.until_on >= auditing.period_from_on, true)
    UNION
    SELECT auditing.source, auditing.id, system.name
    FROM auditing
    JOIN audit_scopes AS scope ON scope.source = auditing.source AND scope.audit_id = auditing.audit_id
    JOIN history.systems AS system ON system.id = scope.name AND system.owner_id = auditing.person_id
    WHERE scope.kind = 'system'
      AND CAST(system.seen_from_at AS DATE) <= auditing.period_until_on
      AND coalesce(CAST(system.seen_until_at AS DATE) >= auditing.period_from_on, true)
),
summed AS (
    SELECT source, id,
           string_agg(what, ', ' ORDER BY what)                              AS what
    FROM owned
    GROUP BY source, id
),
-- An audit by our own people of which nobody is named audits itself.
unnamed AS (
    SELECT audit.source, audit.id, audit.title
    FROM audits AS audit
    LEFT JOIN audit_auditors AS auditor ON auditor.source = audit.source AND auditor.audit_id = audit.id
    WHERE auditor.id IS NULL AND audit.body_id IS NULL
),
judged AS (
    SELECT auditing.source, auditing.id, auditing.title || ', ' || auditing.person_id AS title, summed.what,
           CASE WHEN summed.id IS NOT NULL                                       THEN 'owned'
                WHEN auditing.period_from_on <= auditing.period_until_on         THEN 'nothing'
                ELSE 'undated' END                                           AS finding
    FROM auditing
    LEFT JOIN summed USING (source, id)
    UNION ALL
    SELECT source, id, title, NULL, 'unnamed'
    FROM unnamed
)
SELECT source || '/' || id                                                   AS subject,
       title                                                                 AS label,
       CASE finding
            WHEN 'owned'      THEN false
            WHEN 'nothing'    THEN true END                                  AS ok,
       CASE finding
            WHEN 'owned'      THEN 'owned in the period: ' || what
            WHEN 'nothing'    THEN 'owned nothing in its scope'
            WHEN 'undated'    THEN 'the time that it looks back on is unknown'
            ELSE 'who audits is unknown' END                                 AS detail
FROM judged
