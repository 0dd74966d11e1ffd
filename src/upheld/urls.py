"""Every address that the product answers."""

from django.urls import include, path
from django.views.i18n import set_language

from upheld.web import documents, evidence, ledger, measures, people, promises, today, witness, wrong

urlpatterns = [
    path("", today.today, name="today"),
    path("documents/", documents.index, name="documents"),
    path("documents/<str:document_id>/", documents.document, name="document"),
    path("promises/<str:promise_id>/", promises.promise, name="promise"),
    path("measures/", measures.index, name="measures"),
    path("measures/<str:chapter>/<str:name>/", measures.measure, name="measure"),
    path("measures/<str:chapter>/<str:name>/population.csv", measures.population_csv, name="population-csv"),
    path("evidence/", evidence.index, name="evidence"),
    path("evidence/tables/<str:name>/", evidence.one_table, name="table"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/checkpoint", witness.checkpoint, name="ledger-checkpoint"),
    path("ledger/rotations", witness.rotations, name="ledger-rotations"),
    path("ledger/tile/<path:path>", witness.tile, name="ledger-tile"),
    path("witness/add-checkpoint", witness.add_checkpoint, name="witness"),
    path("health", wrong.health, name="health"),
    path("accounts/", people.index, name="people-who-sign-in"),
    path("accounts/<uuid:account_id>/", people.one, name="one-who-signs-in"),
    path("language/", set_language, name="language"),
    path("", include("upheld.web.signing.urls")),
]

handler400 = "upheld.web.wrong.bad_request"
handler404 = "upheld.web.wrong.not_found"
handler500 = "upheld.web.wrong.failed"
