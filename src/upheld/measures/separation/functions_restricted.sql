/*---
title    = "Functions are open to the roles that need them"
promise  = "Every function and class of data of an application is reachable only by the roles that the function matrix names."
why      = "Rights in applications grow with every request and shrink with none, and nobody outside the application sees it."
clauses  = ["ISO/IEC 27001:2022 A.8.3", "ISO/IEC 27001:2013 A.9.4.1"]
kind     = "state"
severity = "high"
owner    = "it-operations"
subjects = "functions of applications"
optional = ["systems"]
---*/
WITH matrix AS (
    SELECT rule.system_id, rule.function, allowed.role
    FROM function_rules AS rule CROSS JOIN unnest(rule.roles) AS allowed(role)
),
judged AS (
    SELECT permission.system_id, permission.function,
           rule.id IS NOT NULL                                               AS in_matrix,
           string_agg(DISTINCT CASE WHEN matrix.role IS NULL THEN permission.role END, ', '
                      ORDER BY CASE WHEN matrix.role IS NULL THEN permission.role END)  AS strangers
    FROM application_permissions AS permission
    LEFT JOIN function_rules AS rule ON rule.system_id = permission.system_id AND rule.function = permission.function
    LEFT JOIN matrix
        ON matrix.system_id = permission.system_id AND matrix.function = permission.function AND matrix.role = permission.role
    GROUP BY permission.system_id, permission.function, rule.id
)
SELECT judged.system_id || '/' || judged.function                            AS subject,
       judged.function || ' of ' || coalesce(system.name, judged.system_id)  AS label,
       in_matrix AND strangers IS NULL                                       AS ok,
       CASE WHEN NOT in_matrix THEN 'nobody said which roles may reach it'
            ELSE coalesce('open to ' || strangers || ', which the matrix does not name', 'open to those that the matrix names') END  AS detail
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
