"""What the sample company keeps in separation: a door for releases, who may export customers, and test data."""

from upheld.accounts.role import Role
from upheld.registers.sampling import ENGINEER, SUPPORT, TECHNOLOGY, Company, PlantedFault
from upheld.registers.separation import data, doors, functions
from upheld.registers.separation.kinds import Environment
from upheld.registers.separation.models import Origin

FAULTS = (
    PlantedFault(
        "Masked invoices were to be erased from the file server three weeks ago, and still are there.",
        breaks=[("separation/test_data_approved", "registers/invoices")],
    ),
)


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    engineer, chief = company.person(ENGINEER), company.person(TECHNOLOGY, Role.OWNER)
    with company.at(210):
        door = doors.ask_door(
            by=engineer,
            title="Releases",
            from_environment=Environment.DEVELOPMENT,
            to_system="website",
            port=22,
            why="Releases are put there by the build server.",
            owner=TECHNOLOGY,
        )
    with company.at(209):
        doors.approve_door(door, by=company.lead())
    for function, roles in (("customers: export", ["manager"]), ("customers: read", ["manager", "support"])):
        with company.at(180):
            rule = functions.enter_function(
                by=company.person(SUPPORT, Role.OWNER), system="crm", function=function, owner=SUPPORT, roles=roles
            )
        with company.at(179):
            functions.confirm_function(rule, by=company.lead())
    for name, title, origin, how, ends in (
        ("orders", "Made-up orders", Origin.MADE_UP, "By a script from a list of streets that do not exist.", -120),
        ("invoices", "Masked invoices", Origin.MASKED, "Names and accounts are replaced by numbers.", 21),
    ):
        with company.at(100):
            made = data.register_test_data(
                by=engineer, name=name, title=title, system="files", origin=origin, how=how, owner=TECHNOLOGY, expires_on=company.day(ends)
            )
        with company.at(99):
            data.approve_test_data(made, by=chief)
