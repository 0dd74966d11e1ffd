"""What the sample company keeps in cryptography: keys that no list has, one that is gone, and what law says where it runs."""

from upheld.accounts.role import Role
from upheld.registers.cryptography import keys, rules
from upheld.registers.cryptography.models import KeyPurpose, KeyWitness, RuleEffect
from upheld.registers.sampling import LEAD, OPERATOR, SECOND_OPERATOR, TECHNOLOGY, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The key of the old mail archive was destroyed in front of two people, of whom only one has said so.",
        breaks=[("cryptography/key_destruction_witnessed", "SHA256:archive-2023")],
    ),
)


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    lead = company.lead()
    with company.at(600):
        for name, title, citation in (
            ("ukwest", "Law of the United Kingdom, west", "Export Control Order 2008"),
            ("uksouth", "Law of the United Kingdom, south", "Export Control Order 2008"),
        ):
            rules.enter_rule(
                by=lead,
                name=name,
                title=title,
                effect=RuleEffect.FREE,
                citation=citation,
                owner=LEAD,
                from_on=company.day(600),
                regions=[name],
            )
        rules.enter_rule(
            by=lead,
            name="museum-tls",
            title="Contract with the museum",
            effect=RuleEffect.DEMANDS,
            names=["TLSv1.3"],
            citation="Schedule 2, 4.1",
            owner=LEAD,
            from_on=company.day(400),
            systems=["erp"],
        )
    for year, days in (("2022", 500), ("2023", 60)):
        with company.at(900):
            key = keys.register_key(
                by=lead,
                fingerprint=f"SHA256:archive-{year}",
                title=f"Mail archive {year}",
                purpose=KeyPurpose.DATA_ENCRYPTION,
                owner=OPERATOR,
                activated_on=company.day(900),
                system="mail",
            )
        with company.at(days):
            destroyer = company.person(OPERATOR, Role.OWNER)
            gone = keys.destroy_key(key, by=destroyer, how="Both tokens were reset.", witnesses=[SECOND_OPERATOR, TECHNOLOGY])
        with company.at(days - 1):
            for witness in KeyWitness.objects.filter(
                destruction=gone, person__in=[SECOND_OPERATOR, *([TECHNOLOGY] if year == "2022" else [])]
            ):
                keys.witness_destruction(witness, by=company.person(witness.person))
