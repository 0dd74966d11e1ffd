"""Every address that the product answers."""

from django.urls import include, path
from django.views.i18n import set_language

from upheld.web import (
    audits,
    changes,
    coverage,
    customer,
    documents,
    door,
    evidence,
    findings,
    ledger,
    measures,
    mine,
    people,
    promises,
    scim,
    search,
    today,
    told,
    versions,
    witness,
    wrong,
)
from upheld.web.api import registers as api
from upheld.web.api import staff
from upheld.web.incidents import incident, reporting
from upheld.web.logs import detection, looking
from upheld.web.registers import exchange, forms, handed, lists, policies, records
from upheld.web.reviews import held, review, secret
from upheld.web.suppliers import answering, questionnaire
from upheld.web.trust import serving

urlpatterns = [
    path("", today.today, name="today"),
    path("yours/", customer.yours, name="customer"),
    path("search/", search.search, name="search"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("documents/", documents.index, name="documents"),
    path("documents/<str:document_id>/", documents.document, name="document"),
    path("documents/versions/<int:number>/", versions.version, name="document-version"),
    path("promises/<str:promise_id>/", promises.promise, name="promise"),
    path("measures/", measures.index, name="measures"),
    path("measures/<str:chapter>/<str:name>/", measures.measure, name="measure"),
    path("measures/<str:chapter>/<str:name>/changes/", changes.changes, name="measure-changes"),
    path("measures/<str:chapter>/<str:name>/population.csv", measures.population_csv, name="population-csv"),
    path("evidence/", evidence.index, name="evidence"),
    path("evidence/tables/<str:name>/", evidence.one_table, name="table"),
    path("logs/", looking.logs, name="logs"),
    path("logs/detections/<int:number>/", detection.detection, name="detection"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoint", witness.checkpoint, name="ledger-checkpoint"),
    path("ledger/rotations", witness.rotations, name="ledger-rotations"),
    path("ledger/history/", told.told, name="ledger-history"),
    path("ledger/proof/<int:index>", told.proof, name="ledger-proof"),
    path("ledger/tile/<path:path>", witness.tile, name="ledger-tile"),
    path("scim/v2/<path:path>", scim.receive, name="scim"),
    path("witness/add-checkpoint", witness.add_checkpoint, name="witness"),
    path("health", wrong.health, name="health"),
    path("accounts/", people.index, name="people-who-sign-in"),
    path("accounts/<uuid:account_id>/", people.one, name="one-who-signs-in"),
    path("registers/", lists.index, name="registers"),
    path("registers/<str:chapter>/<str:name>/", lists.one_register, name="register"),
    path("registers/<str:chapter>/<str:name>/export.<str:form>", exchange.export, name="register-export"),
    path("registers/<str:chapter>/<str:name>/import/", exchange.bring_in, name="register-import"),
    path("registers/<str:chapter>/<str:name>/<int:number>/", records.one_record, name="record"),
    path("policies/<int:number>/text/", policies.text, name="policy-text"),
    path("policies/<int:number>/against/<int:other>/", policies.compare, name="policy-compare"),
    path("questionnaires/<int:number>/", questionnaire.questionnaire, name="questionnaire"),
    path("questionnaires/answers/<int:number>/file", questionnaire.file, name="answer-file"),
    path("answer/<str:secret>/", answering.by_link, name="answer-by-link"),
    path("report/", reporting.report, name="report"),
    path("report/<str:secret>/", reporting.by_link, name="report-by-link"),
    path("incidents/<int:number>/", incident.incident, name="incident"),
    path("mine/", mine.mine, name="mine"),
    path("calendar/<str:secret>.ics", mine.calendar, name="calendar"),
    path("audits/", audits.index, name="audits"),
    path("audits/<int:number>/", audits.one, name="audit"),
    path("findings/", findings.index, name="findings"),
    path("findings/<int:number>/", findings.one, name="finding"),
    path("findings/files/<int:number>/", findings.file, name="finding-file"),
    path("act/<str:name>/", forms.act, name="act"),
    path("api/openapi.json", api.openapi, name="api-openapi"),
    path("api/registers/<str:chapter>/<str:name>", api.records, name="api-records"),
    path("api/registers/<str:chapter>/<str:name>/<int:number>", api.record, name="api-record"),
    path("api/actions/<str:name>", api.act, name="api-act"),
    path("api/files", api.hand_in, name="api-files"),
    path("api/people/<str:person>/cleared", staff.cleared, name="api-cleared"),
    path("reviews/<int:number>/", review.review, name="review"),
    path("held/", held.held, name="held"),
    path("held/access.<str:form>", held.held, name="held-as"),
    path("first-secrets/<int:number>/", secret.first_secret, name="first-secret"),
    path("door/<str:said>/", door.door, name="door"),
    path("kiosks/<int:number>/", door.kiosk_link, name="kiosk-link"),
    path("round/", handed.desk_round, name="desk-round"),
    path("sites/<int:number>/round/", handed.desk_round, name="site-round"),
    path("zones/<int:number>/rules/", handed.zone_rules, name="zone-rules"),
    path("asset-classes/<int:number>/rules/", handed.use_rules, name="use-rules"),
    path("custodies/<int:number>/receipt/", handed.receipt, name="receipt"),
    path("trust/", serving.serve, name="trust"),
    path("trust/<path:path>", serving.serve, name="trust-page"),
    path(".well-known/security.txt", serving.security_txt, name="security-txt"),
    path("language/", set_language, name="language"),
    path("", include("upheld.web.signing.urls")),
]

handler400 = "upheld.web.wrong.bad_request"
handler404 = "upheld.web.wrong.not_found"
handler500 = "upheld.web.wrong.failed"
