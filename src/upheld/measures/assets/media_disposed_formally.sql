/*---
title    = "Media are disposed of by the book"
promise  = "Every disposed medium went through request, approval by somebody else, sanitisation and certificate before a witness, in that order."
why      = "Disks that were thrown away quietly turn up on auctions."
clauses  = ["ISO/IEC 27001:2022 A.7.10", "ISO/IEC 27001:2022 A.7.14", "ISO/IEC 27001:2013 A.8.3.2"]
kind     = "state"
severity = "high"
owner    = "it-operations"
subjects = "disposed media"
may_be_empty = "a company may have disposed of none yet"
---*/
WITH gone AS (
    SELECT source, id AS asset_id, coalesce(title, id) AS label, disposed_at
    FROM registered_assets
    WHERE state = 'disposed'
      AND storage IS NOT FALSE
),
wiped AS (
    SELECT disposal.source, disposal.asset_id, max(sanitisation.sanitised_at) AS wiped_at
    FROM disposals AS disposal
    JOIN sanitisations AS sanitisation USING (source, asset_id)
    WHERE sanitisation.verified
      AND sanitisation.sanitised_at >= disposal.approved_at
      AND sanitisation.verified_at <= disposal.certified_at
    GROUP BY disposal.source, disposal.asset_id
),
judged AS (
    SELECT gone.source, gone.asset_id, gone.label,
           CASE WHEN disposal.requested_at IS NULL                           THEN 'nobody asked for it'
                WHEN disposal.approved_at IS NULL OR disposal.approved_at < disposal.requested_at  THEN 'nobody approved it'
                WHEN disposal.approved_by_id IS NOT DISTINCT FROM disposal.requested_by_id         THEN 'who asked for it approved it'
                WHEN wiped.wiped_at IS NULL                                  THEN 'it was not wiped and looked at between approval and certificate'
                WHEN disposal.certificate IS NULL                            THEN 'there is no certificate'
                WHEN disposal.witness_id IS NULL                             THEN 'nobody watched'
                WHEN disposal.certified_at > gone.disposed_at                THEN 'it left before its certificate'
                END                                                          AS wrong
    FROM gone
    LEFT JOIN disposals AS disposal USING (source, asset_id)
    LEFT JOIN wiped USING (source, asset_id)
)
SELECT source || '/' || asset_id                                             AS subject,
       label,
       wrong IS NULL                                                         AS ok,
       coalesce(wrong, 'went through every step')                            AS detail
FROM judged
