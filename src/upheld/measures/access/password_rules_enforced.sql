/*---
title    = "Password rules are enforced"
promise  = "Each system enforces passwords at least as good as our standard: length, former passwords, quality, locking after failures, storage."
why      = "A rule that stands in a policy and not in the system holds only for those who need no rule."
clauses  = ["ISO/IEC 27001:2022 A.5.17", "ISO/IEC 27001:2013 A.9.4.3", "GDPR 32(1)(b)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
parameters = ["password_length", "password_history", "lock_after", "lock_time", "strong_schemes"]
optional = ["systems"]
---*/
WITH rules AS (
    SELECT rule.*,
           rule.minimum_length < $password_length                            AS short,
           rule.history < $password_history                                  AS repeated,
           NOT rule.quality_checked                                          AS guessable,
           NOT rule.locks_after BETWEEN 1 AND $lock_after                    AS patient,
           -- No time means "until an administrator unlocks it", unless the source could not read it.
           CASE WHEN untold.hidden THEN rule.locked_for < $lock_time
                ELSE coalesce(rule.locked_for < $lock_time, false) END       AS brief,
           NOT list_contains($strong_schemes, rule.scheme)                   AS weak
    FROM password_rules AS rule
    LEFT JOIN (
        SELECT DISTINCT source, true AS hidden
        FROM gaps
        WHERE column_name = 'locked_for'
    ) AS untold USING (source)
),
told AS (
    SELECT source || '/' || id                                               AS subject,
           coalesce(name, id)                                                AS what,
           system_id,
           concat_ws(', ',
               CASE short     WHEN true THEN 'passwords may have ' || minimum_length || ' characters' END,
               CASE repeated  WHEN true THEN 'only ' || history || ' former passwords are refused' END,
               CASE guessable WHEN true THEN 'guessable passwords are taken' END,
               CASE patient   WHEN true THEN 'locks after ' || locks_after || ' failures (0: never)' END,
               CASE brief     WHEN true THEN 'locks for too short a time' END,
               CASE weak      WHEN true THEN 'stores passwords as ' || scheme END)   AS faults,
           concat_ws(', ',
               CASE WHEN short IS NULL     THEN 'shortest password' END,
               CASE WHEN repeated IS NULL  THEN 'former passwords refused' END,
               CASE WHEN guessable IS NULL THEN 'whether guessable passwords are refused' END,
               CASE WHEN patient IS NULL   THEN 'when it locks' END,
               CASE WHEN brief IS NULL     THEN 'for how long it locks' END,
               CASE WHEN weak IS NULL      THEN 'how passwords are stored' END)      AS doubts
    FROM rules
    UNION ALL
    -- A rule counts for the accounts under it: one that is under none we know may have any password.
    SELECT account.source || '/' || account.id, account.user_name, account.system_id, '', 'which password rules it is under'
    FROM accounts AS account
    LEFT JOIN password_rules AS rule ON rule.source = account.source AND rule.id = account.password_rule_id
    WHERE account.enabled IS NOT FALSE
      AND account.can_sign_in IS NOT FALSE
      AND coalesce(account.password_scheme, 'unknown') NOT IN ('locked', 'none')
      AND rule.id IS NULL
)
SELECT told.subject                                                          AS subject,
       told.what || ' on ' || coalesce(system.name, told.system_id)          AS label,
       CASE WHEN told.faults <> ''             THEN false
            WHEN told.doubts = ''              THEN true END                 AS ok,
       coalesce(nullif(told.faults, ''), 'unknown: ' || nullif(told.doubts, ''), 'is at least as strict as the standard')  AS detail
FROM told
LEFT JOIN systems AS system ON system.id = told.system_id
