"""Plan what becomes of a settled group's rejects when the person chose it beforehand."""

from same_image_locator import aftercare
from same_image_locator.journal import Disk, GroupHistory
from same_image_locator.model import Disposal
from same_image_locator.plans import Act, ActKind, Plan


def plan_disposal(group: GroupHistory, disposal: Disposal, disk: Disk) -> Plan | None:
    """Return the plan that hands the rejects to the trash or ends them; None leaves them aside.

    Both read a kept file of the group again in that moment, as a purge does, and leave what
    cannot be proven where it is set aside.
    """
    if disposal == "quarantine":
        return None
    purge = next(iter(aftercare.plan_purge([group], disk)[0]), None)
    return _to_trash(group, purge) if purge and disposal == "trash" else purge


def _to_trash(group: GroupHistory, purge: Plan) -> Plan:
    """Return the same plan with the trash in place of the end: each under its original name."""
    origins = {act.target: act.source for act in group.stage.acts(ActKind.STAGE)}
    rejects = group.settle.acts(ActKind.SET_ASIDE) if group.settle else ()
    homes = {act.target: origins[act.source] for act in rejects}

    def one(act: Act) -> Act:
        if act.kind is not ActKind.PURGE:
            return act
        return Act(ActKind.TRASH, homes[act.target], act.target, act.expect, act.sha256)

    phases = tuple(tuple(map(one, phase)) for phase in purge.phases)
    return Plan("purge", purge.subject, phases)
