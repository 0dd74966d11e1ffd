-- A line that left the log was still told: what happened once is not undone by a log that forgets.
WITH told AS (
    SELECT *, row_number() OVER (PARTITION BY source, id ORDER BY seen_from_at DESC) AS age
    FROM history.badge_entries
)
SELECT entry.source,
       entry.id,
       entry.badge,
       entry.zone_id,
       entry.entered_at,
       coalesce(entry.person_id, min(holder.person_id))                      AS person_id,
       -- Who has a badge of ours is no visitor, whatever was written down at the door.
       CASE WHEN coalesce(entry.person_id, min(holder.person_id)) IS NULL THEN min(visit.id) END  AS visit_id
FROM told AS entry
LEFT JOIN badges AS holder
       ON holder.number = entry.badge
      AND holder.given_at <= entry.entered_at
      AND coalesce(entry.entered_at < holder.returned_at, true)
LEFT JOIN visits AS visit
       ON visit.badge = entry.badge
      AND visit.in_at <= entry.entered_at
      AND coalesce(entry.entered_at <= visit.out_at, true)
WHERE entry.age = 1
GROUP BY entry.source, entry.id, entry.badge, entry.zone_id, entry.entered_at, entry.person_id
