/*---
title    = "Installations are approved changes"
promise  = "Every installation or upgrade of software on an operational host belongs to an approved change, and was done by somebody whom the change names."
why      = "Software that somebody just put there is how systems come to differ, and how intruders stay."
clauses  = ["ISO/IEC 27001:2022 A.8.19", "ISO/IEC 27001:2022 A.8.32", "ISO/IEC 27001:2013 A.12.5.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
parameters = ["changes_looked_back", "emergency_approved_within"]
subjects = "installations"
may_be_empty = "nothing need have been installed"
---*/
-- A line that left the log was still told.
WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.software_installs
),
recent AS (
    SELECT told.source, told.id, told.system_id, system.name AS system_name, told.package, told.version, told.done_by, told.unattended, told.done_at
    FROM told
    LEFT JOIN (SELECT id, max(name) AS name, bool_or(in_operation IS NOT FALSE) AS serves,
                      bool_or(coalesce(environment, 'production') = 'production') AS operational
               FROM systems GROUP BY id) AS system ON system.id = told.system_id
    -- Not applicable: what was removed, is too long ago, or was not on an operational host. A host that nobody entered may be one.
    WHERE told.age = 1
      AND told.action <> 'remove'
      AND coalesce(told.done_at >= $as_of - $changes_looked_back, true)
      AND system.serves IS NOT FALSE
      AND system.operational IS NOT FALSE
),
whose AS (
    SELECT system_id, user_name, min(person_id) AS person_id
    FROM account_owners
    GROUP BY system_id, user_name
),
covering AS (
    SELECT recent.source, recent.id, change.id AS change_id,
           CASE WHEN recent.unattended          THEN change.unattended
                WHEN recent.done_by IS NOT NULL THEN coalesce(list_contains(change.carried_out_by, whose.person_id), false) END  AS authorised
    FROM recent
    JOIN changes AS change
      ON list_contains(change.systems, recent.system_id)
     AND recent.done_at >= change.from_at
     AND recent.done_at <= change.until_at
     AND change.approved_by_id <> change.requested_by_id
     AND (change.approved_at <= recent.done_at
          OR change.kind = 'emergency' AND change.approved_at <= recent.done_at + $emergency_approved_within)
     AND (array_length(change.packages) = 0 OR list_contains(change.packages, recent.package))
    LEFT JOIN whose ON whose.system_id = recent.system_id AND whose.user_name = recent.done_by
),
by_install AS (
    SELECT source, id, min(change_id) AS change_id,
           CASE WHEN bool_or(authorised) THEN true WHEN bool_or(authorised IS NULL) THEN NULL ELSE false END  AS authorised
    FROM covering
    GROUP BY source, id
)
SELECT recent.source || '/' || recent.id                                     AS subject,
       recent.package || coalesce(' ' || recent.version, '') || ' on ' || coalesce(recent.system_name, recent.system_id)  AS label,
       CASE WHEN recent.done_at IS NULL          THEN NULL
            WHEN by_install.change_id IS NULL    THEN false
            ELSE by_install.authorised END                                   AS ok,
       CASE WHEN recent.done_at IS NULL          THEN 'when it was installed is unknown'
            WHEN by_install.change_id IS NULL    THEN 'no approved change covers it'
            WHEN by_install.authorised           THEN 'belongs to ' || by_install.change_id
            WHEN NOT by_install.authorised       THEN by_install.change_id || ' does not name ' || coalesce(recent.done_by, 'a program')
            ELSE 'who installed it, by ' || by_install.change_id || ', is unknown' END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM recent
LEFT JOIN by_install USING (source, id)
