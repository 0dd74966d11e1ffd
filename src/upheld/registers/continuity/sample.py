"""What the sample company keeps in continuity: what must go on, the plans for it, and how these were tried."""

from upheld.accounts.role import Role
from upheld.checks.span import Span
from upheld.registers.continuity import exercises, plans, processes
from upheld.registers.continuity.models import ContinuityPlan, ExerciseKind, Process, Weight
from upheld.registers.sampling import BUYER, FINANCE, LEAD, MARKETING, OPERATOR, PEOPLE, SALES, SUPPORT, Company, PlantedFault

FAULTS = (
    PlantedFault(
        "The plan for helping customers was last exercised fourteen months ago.",
        breaks=[("continuity/exercised", "registers/2")],
    ),
    PlantedFault(
        "Helping customers cannot wait for two hours, and what it needs is back after four.",
        breaks=[("continuity/impact_analysed", "registers/support")],
    ),
    PlantedFault("There is no plan for how goods leave the house.", breaks=[("continuity/plan_current", "registers/shipping")]),
)
CRISIS = ["management", "security-lead"]
# Title, owner, how critical, after how many hours it must be back, and the systems and suppliers that it needs.
WHAT: dict[str, tuple[str, str, Weight, int, list[str], list[str]]] = {
    "orders": ("Taking orders", SALES, Weight.CRITICAL, 8, ["crm", "erp"], []),
    "support": ("Helping customers", SUPPORT, Weight.HIGH, 2, ["crm", "mail"], []),
    "payroll": ("Paying wages", PEOPLE, Weight.HIGH, 24, ["hr"], ["payroll-service"]),
    "shipping": ("Sending goods", BUYER, Weight.HIGH, 24, ["erp"], []),
    "newsletter": ("Writing to customers", MARKETING, Weight.LOW, 200, ["mail"], []),
}
PLANNED = ("orders", "support", "payroll")


def keep(company: Company) -> None:
    """Keep what the chapter has, oldest first."""
    for name in WHAT:
        _analysed(company, name)
    for name in PLANNED:
        with company.at(440):
            plans.adopt_plan(Process.objects.get(name=name), by=company.lead(), document=f"{name}-plan", roles=CRISIS, owner=WHAT[name][1])
    _exercise(company, "support", 425, ExerciseKind.TABLE_TOP, Span(90, "minute"))
    _exercise(company, "orders", 100, ExerciseKind.FULL, Span(6, "hour"))
    _exercise(company, "payroll", 45, ExerciseKind.SIMULATION, Span(30, "hour"))


def _analysed(company: Company, name: str) -> None:
    title, owner, weight, hours, systems, suppliers = WHAT[name]
    keeper = company.person(owner, Role.OWNER)
    with company.at(460):
        process = processes.enter_process(
            by=company.lead(), name=name, title=title, what=f"{title}, every working day.", criticality=weight, owner=owner
        )
    with company.at(130):
        analysis = processes.analyse_impact(
            process,
            by=keeper,
            impact="After a day customers wait; after a week some leave.",
            recovery_time=Span(hours, "hour"),
            security_kept="Who may reach what stays as it is; what is written on paper lies in the safe.",
            systems=systems,
            suppliers=suppliers,
        )
    with company.at(125):
        processes.approve_analysis(analysis, by=company.lead())


def _exercise(company: Company, name: str, days: int, kind: ExerciseKind, took: Span) -> None:
    plan = ContinuityPlan.objects.get(process__name=name)
    leader = company.person(LEAD, Role.SECURITY_LEAD)
    with company.at(days + 30):
        exercise = exercises.plan_exercise(
            plan,
            by=leader,
            kind=kind,
            scenario="The hall of the cloud has no power.",
            planned_on=company.day(days),
            lead=LEAD,
            participants=[WHAT[name][1], OPERATOR],
        )
    with company.at(days):
        held = exercises.hold_exercise(
            exercise,
            by=leader,
            participants=[WHAT[name][1], OPERATOR],
            result="Everybody was reached, and the process was back.",
            lessons="The list of telephone numbers belongs on paper.",
            recovered_in=took,
        )
    if name == "payroll":
        with company.at(days - 1):
            exercises.add_follow_up(
                held, by=leader, what="Agree a shorter time with the payroll service", owner=FINANCE, due_on=company.day(-40)
            )
