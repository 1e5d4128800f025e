"""Settings that change while a network trains: a schedule is a function from the number of updates made to a value.

rule = scheduled("sgd_momentum", momentum=ramp(0.5, 0.9, 200), learning_rate=cosine(0.1, 1000))
Solver(model, data, update_rule=rule)
"""

import math

from cs_layers import optim
from cs_layers.arguments import count, number


def constant(value):
    """``value`` at every step."""
    value = number("value", value)
    return lambda step: value


def ramp(start, end, steps):
    """From ``start`` to ``end`` in a straight line over ``steps`` updates, then ``end``.

    ``ramp(0.5, 0.9, 200)`` is the customary rise of the momentum: the first gradients are large and point anywhere.
    """
    start, end, steps = number("start", start), number("end", end), count("steps", steps)
    return lambda step: start + (end - start) * min(step / steps, 1.0)


def exponential(start, factor, every=1):
    """``start``, multiplied by ``factor`` after every ``every`` updates."""
    start, factor, every = number("start", start), number("factor", factor, above=0), count("every", every)
    return lambda step: start * factor ** (step // every)


def cosine(start, steps, end=0.0):
    """From ``start`` down to ``end`` along half a cosine over ``steps`` updates (Loshchilov and Hutter 2017)."""
    start, end, steps = number("start", start), number("end", end), count("steps", steps)
    return lambda step: end + 0.5 * (start - end) * (1 + math.cos(math.pi * min(step / steps, 1.0)))


def warm_up(schedule, steps):
    """``schedule``, multiplied by a factor that rises from 1 / ``steps`` to 1 over the first ``steps`` updates."""
    steps = count("steps", steps)
    return lambda step: schedule(step) * min((step + 1) / steps, 1.0)


def scheduled(rule, **schedules):
    """An update rule whose settings follow schedules.

    Parameters
    ----------
    rule : str or callable
        The name of a rule of `cs_layers.optim`, or such a function.
    **schedules : callable
        For each setting of the rule a function ``schedule(step) -> value``, where ``step`` is 0 at the first update.

    Returns
    -------
    callable
        ``scheduled_rule(w, dw, config) -> (next_w, config)``; it counts the updates in ``config["step"]``.

    Raises
    ------
    TypeError, ValueError
        When the rule is unknown or a schedule is not a function.
    """
    if isinstance(rule, str):
        if rule not in optim.RULES:
            raise ValueError(f"rule is {rule!r}, but must be {', '.join(optim.RULES)} or a function.")
        rule = optim.RULES[rule]
    for name, schedule in schedules.items():
        if not callable(schedule):
            raise TypeError(f"{name} is {schedule!r}, but must be a function of the step: ramp(0.5, 0.9, 200), say.")

    def scheduled_rule(w, dw, config=None):
        config = dict(config or {})
        step = config.pop("step", 0)
        config |= {name: schedule(step) for name, schedule in schedules.items()}
        next_w, config = rule(w, dw, config)
        return next_w, {**config, "step": step + 1}

    scheduled_rule.pure = rule in optim.RULES.values()  # the Solver need not give it copies
    return scheduled_rule
