"""Reads a scenario file: the keys and defaults of docs/scenario.md. Faults are not looked for."""

import contextlib
import copy
import tomllib
from types import SimpleNamespace

DEFAULTS = {
    "": {
        "title": "Chamber of Commerce mixers",
        "seed": 1,
        "rounds": 156,
        "burn_in": 52,
        "replicates": 20,
    },
    "population": {
        "agents": 2000,
        "domains": 12,
        "ties_max": 50,
        "start_ties": 10,
        "start_trust": 0.3,
        "town_size": 0,
        "tie_cost": 0.0,
    },
    "needs": {
        "rate": 0.1,
        "at_once": 1,
        "patience": 6,
        "value": 10.0,
        "sizes": [1],
        "size_shares": [1.0],
        "visible": False,
    },
    "help": {
        "assist_cost": 1.0,
        "refer_cost": 0.2,
        "encourage_value": 0.1,
        "encourage_cost": 0.05,
        "execution_error": 0.05,
        "pay_forward": 0.0,
        "pay_forward_rounds": 4,
        "reciprocity": 0.0,
        "reciprocity_rounds": 26,
        "cost_sensitivity": 0.0,
    },
    "mixer": {
        "every": 4,
        "size": 40,
        "slots": 12,
        "cost": 1.0,
        "familiarity": 1.0,
        "opinion_weight": 0.0,
        "same_town": 1.0,
        "same_region": 1.0,
        "same_domain": 1.0,
        "mutual": 1.0,
        "politeness": 0.0,
        "travel": 0.0,
        "travel_cost": 0.0,
    },
    "calls": {
        "rate": 0.2,
        "depth": 2,
        "capacity": 1,
        "min_opinion": 0.05,
        "fee": 0.3,
        "finder_fee": 0.05,
        "price_sensitivity": 0.0,
        "only_if_pays": False,
    },
    "reputation": {
        "kind": "private",
        "prior": 0.1,
        "vouch": 0.3,
        "fade": 0.98,
        "learning": 0.3,
        "legibility": 0.3,
        "push_penalty": 0.3,
        "encourage_credit": 0.2,
        "assessment_error": 0.05,
        "norm": "image-scoring",
        "gossip_weight": 0.3,
    },
}

# Only if the section is given.
OPTIONAL = {
    "survival": {"endowment": 20.0, "overhead": 0.3, "replace_after": 4},
    "evolution": {
        "rate": 0.05,
        "window": 13,
        "intensity": 1.0,
        "mutation": 0.001,
        "among": "anyone",
    },
}

SERVANT = {
    "share": 0.4,
    "attend": 0.5,
    "ask": 0.1,
    "serve": 0.9,
    "comply": 0.9,
    "refer": 0.9,
    "linger": 0.7,
    "min_opinion": 0.0,
    "gossip": 0.3,
    "polish": 0.0,
}
WARRIOR = SERVANT | {
    "ask": 0.9,
    "serve": 0.1,
    "comply": 0.5,
    "refer": 0.1,
    "linger": 0.2,
    "min_opinion": -1.0,
}
PRESETS = {
    "warrior": WARRIOR,
    "servant": SERVANT,
    "abstainer": SERVANT | {"share": 0.2, "attend": 0.0},
}


# What may differ between people: the range of each number, by section.
CHANCE, OPINION, AMOUNT = (0.0, 1.0), (-1.0, 1.0), (0.0, 1e9)
SPREADS = {
    "population": {"start_trust": OPINION},
    "needs": {"rate": CHANCE},
    "help": {"execution_error": CHANCE},
    "strategy": {
        "attend": CHANCE,
        "ask": CHANCE,
        "serve": CHANCE,
        "comply": CHANCE,
        "refer": CHANCE,
        "linger": CHANCE,
        "min_opinion": OPINION,
        "gossip": CHANCE,
        "polish": CHANCE,
    },
    "survival": {"endowment": AMOUNT},
}


def resolve(section, given, defaults):
    """The values of a section: those given, else the defaults.

    What differs between people is its mean, and KEY_sd its standard deviation.
    """
    values = defaults | given
    for key in SPREADS.get(section, {}):
        spread = values[key] if isinstance(values[key], dict) else {"mean": values[key]}
        values[key] = spread.get("mean", defaults[key])
        values[f"{key}_sd"] = spread.get("sd", 0.0)
    return values


def read_scenario(text):
    """The scenario of a TOML text, with all keys: `scenario.mixer.every` and so on."""
    return resolved(tomllib.loads(text))


def resolved(given):
    """The scenario with these values."""
    values = {key: given.get(key, default) for key, default in DEFAULTS[""].items()}
    for section, defaults in DEFAULTS.items():
        if section:
            values[section] = resolve(section, given.get(section, {}), defaults)
    for section, defaults in OPTIONAL.items():
        values[section] = resolve(section, given[section], defaults) if section in given else None

    reputation = values["reputation"]
    reputation.setdefault("observe", 1.0 if reputation["kind"] == "public" else 0.0)

    listed = given.get("strategy") or [{"name": name} for name in PRESETS]
    strategies = [resolve("strategy", s, PRESETS.get(s["name"], SERVANT)) for s in listed]

    manners = {key: reputation[key] for key in ("legibility", "push_penalty")}
    manners |= {"share": 1.0, "polish_abroad": 1.0}
    regions = [manners | r for r in given.get("region") or [{"name": "home"}]]

    scenario = SimpleNamespace(
        **{k: SimpleNamespace(**v) if isinstance(v, dict) else v for k, v in values.items()}
    )
    scenario.strategies = [SimpleNamespace(**s) for s in strategies]
    scenario.regions = [SimpleNamespace(**r) for r in regions]
    scenario.later = later(given)
    return scenario


def later(given):
    """The scenario from each round on at which settings change, by round."""
    given, periods = copy.deepcopy(given), {}
    for change in sorted(given.pop("change", []), key=lambda change: change["round"]):
        section, *name, key = change["key"].split(".")
        value = change["value"]
        if isinstance(value, str):  # a resolved scenario has texts
            with contextlib.suppress(tomllib.TOMLDecodeError):
                value = tomllib.loads(f"value = {value}")["value"]
        table = given.setdefault(section, {})
        if name:
            table = next(entry for entry in table if entry["name"] == name[0])
        if isinstance(table.get(key), dict):
            table[key] |= {"mean": value}  # people keep their differences
        else:
            table[key] = value
        periods[change["round"]] = resolved(copy.deepcopy(given))
    return periods
