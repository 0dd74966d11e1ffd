"""All registers' models, where Django looks for them."""

from upheld.registers.access import models as access
from upheld.registers.assets import models as assets
from upheld.registers.authorization import case_models, naming_models, request_models, review_models
from upheld.registers.authorization import models as authorization
from upheld.registers.backup import models as backup
from upheld.registers.change import models as change
from upheld.registers.change import release_models, software_models, written_models
from upheld.registers.compliance import models as compliance
from upheld.registers.continuity import models as continuity
from upheld.registers.cryptography import models as cryptography
from upheld.registers.exchange import models as exchange
from upheld.registers.findings import models as findings
from upheld.registers.governance import models as governance
from upheld.registers.incidents import models as incidents
from upheld.registers.operations import models as operations
from upheld.registers.people import models as people
from upheld.registers.physical import models as physical
from upheld.registers.privacy import disclosing_models, keeping_models, processing_models, retention_models, sharing_models
from upheld.registers.privacy import models as privacy
from upheld.registers.separation import models as separation
from upheld.registers.suppliers import asking_models, looking_models
from upheld.registers.suppliers import models as suppliers
from upheld.registers.tasks import models as tasks
from upheld.registers.transfer import models as transfer
from upheld.registers.trust import asked_models
from upheld.registers.trust import models as trust
from upheld.registers.trust import sharing_models as handed_models

__all__ = [
    "access",
    "asked_models",
    "asking_models",
    "assets",
    "authorization",
    "backup",
    "case_models",
    "change",
    "compliance",
    "continuity",
    "cryptography",
    "disclosing_models",
    "exchange",
    "findings",
    "governance",
    "handed_models",
    "incidents",
    "keeping_models",
    "looking_models",
    "naming_models",
    "operations",
    "people",
    "physical",
    "privacy",
    "processing_models",
    "release_models",
    "request_models",
    "retention_models",
    "review_models",
    "separation",
    "sharing_models",
    "software_models",
    "suppliers",
    "tasks",
    "transfer",
    "trust",
    "written_models",
]
