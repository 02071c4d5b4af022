"""A second implementation of the model of docs/model.md, to check the first one against.

It shares no code with the program and does the same: with the same scenario it gives the same
tables. It is written to be read beside docs/model.md, not to be fast: functions stand in the
order of that page and carry its section numbers, names are those of the page and of scenario
files. The only dependency is numpy, for numbers of single precision.

    python3 tests/reference/model.py SCENARIO.toml > rounds.csv

`compare.py` compares it with the program, `cases.py` writes the results that `cargo test` checks.
"""

import csv
import math
import sys
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction
from types import SimpleNamespace

import numpy as np

import draws
from draws import Stream, below, below_other, chance, rank
from scenario import SPREADS, read_scenario

single = np.float32
getcontext().prec = 60  # amounts are exact

BENEFITS = ["push", "gift", "call", "pull", "encouragement", "finder"]
COSTS = ["assist_cost", "refer_cost", "encourage_cost", "fees_paid"]
COSTS += ["attend_cost", "travel_cost", "overhead"]

# The verdicts of the norms: help good, help bad, refuse good, refuse bad (7.5).
NORMS = {
    "image-scoring": (1, 1, -1, -1),
    "simple-standing": (1, 1, -1, 1),
    "stern-judging": (1, -1, -1, 1),
    "shunning": (1, -1, -1, -1),
}


# The words of a person, in their order (8).
NUMBERS = "attend ask serve comply refer linger min_opinion gossip polish".split()
NUMBERS += ["start_trust", "endowment", "rate", "execution_error"]


class Tie:
    """What an agent keeps of a contact: trust as stored."""

    def __init__(self, contact, stored):
        self.contact = contact
        self.stored = stored


class Agent:
    """A place in the population and who lives there."""

    def __init__(self, strategy, region, town, expertise):
        self.region = region
        self.town = town
        self.expertise = expertise
        self.begin(strategy, 0)

    def begin(self, strategy, now):
        self.strategy = strategy
        self.own = {}  # a person's traits by strategy
        self.born = now
        self.active = True
        self.needs = []  # open ones, the oldest first
        self.helped = None  # round in which its need was last solved
        self.owes = {}  # whom it owes a favour: since which round
        self.ties = []
        self.account = Counter()
        self.before = Counter()  # amounts at earlier prices, by column
        self.nets = []  # net benefit since birth at the end of each round


class Event:
    """One evening: guests by seat, and who talks to whom since when."""

    def __init__(self, guests, region, stream, bystanders, choices, linger, politeness):
        n = len(guests)
        self.guests = guests
        self.width = -(-n // 8) * 8  # words in a row
        self.region = region
        self.stream = stream
        self.bystanders = bystanders
        self.choices = choices
        self.linger = linger
        self.politeness = politeness
        self.partner = [None] * n
        self.length = [0] * n
        self.pushed = [False] * n
        self.met = [set() for _ in guests]

    def is_free(self, seat):
        return self.partner[seat] is None

    def join(self, a, b):
        for seat, other in ((a, b), (b, a)):
            self.partner[seat] = other
            self.length[seat] = 0
            self.pushed[seat] = False
            self.met[seat].add(other)


class Call:
    """Somebody who calls an expert; the chain is who named the expert and passed on."""

    def __init__(self, caller, expert, chain, trust):
        self.caller = caller
        self.expert = expert
        self.chain = chain
        self.trust = trust
        self.fate = None  # taken, refused or busy
        self.verdicts = []


class World:
    """The state of a replicate, and what happens in a round."""

    def __init__(self, scenario, seed):
        self.scenario = scenario
        self.later = scenario.later
        self.thanks = False  # whether anybody pays forward, or did
        self.seed = seed
        self.now = 0
        self.public = scenario.reputation.kind == "public"
        self.prior = single(scenario.reputation.prior)
        self.bar = single(scenario.calls.min_opinion)
        self.rows = []
        self.flows = Counter()
        self.flows_before = Counter()  # amounts at earlier prices
        self.lives = []
        self.vacancies = {}  # round in which newcomers come: the places they take
        self.decayed = 1.0  # fade^(rounds since the epoch)
        self.scale = self.limit = single(1)
        self.set_prices()
        self.initialise()

    def stream(self, purpose, unit=0):
        return Stream(self.seed, self.now, purpose, unit)

    def traits(self, a):
        """The person's own traits under its present strategy."""
        agent = self.agents[a]
        if agent.strategy not in agent.own:
            strategy = self.scenario.strategies[agent.strategy]
            own = {key: self.own(a, "strategy", key, strategy) for key in SPREADS["strategy"]}
            agent.own[agent.strategy] = SimpleNamespace(**own)
        return agent.own[agent.strategy]

    # 7.1 People who differ

    def own(self, a, section, key, values=None):
        """The number of a person, from its section of the scenario or from these values."""
        values = values or getattr(self.scenario, section)
        mean, sd = (getattr(values, name) for name in (key, f"{key}_sd"))
        if sd == 0:
            return mean
        stream = Stream(self.seed, self.agents[a].born, draws.PEOPLE)
        u = (stream[16 * a + NUMBERS.index(key)] + 0.5) / 2**32
        return spread_at(u, mean, sd, *SPREADS[section][key])

    def manner(self, a, b):
        """The traits by which a acts toward b at this round's mixer: others if it pays forward (7.16)
        or returns a favour (7.17)."""
        helps_anyway = a in self.forward or self.returns(a, b, self.favours_before)
        return self.helpful(a) if helps_anyway else self.traits(a)

    def helpful(self, a):
        """The traits of a if it helps whatever it thinks of the other."""
        helpful = {"serve": 1.0, "comply": 1.0, "refer": 1.0, "min_opinion": -1.0}
        return SimpleNamespace(**(vars(self.traits(a)) | helpful))

    def pays_forward(self, a, stream):
        """Whether a was helped in the last rounds, and its draw says that it pays forward (7.16)."""
        rules, helped = self.scenario.help, self.agents[a].helped
        if helped is None or not 1 <= self.now - helped <= rules.pay_forward_rounds:
            return False
        return chance(stream[a], rules.pay_forward)

    def thank(self, a):
        """a remembers that its need was solved, once somebody pays forward."""
        self.thanks = self.thanks or self.scenario.help.pay_forward > 0
        if self.thanks:
            self.agents[a].helped = self.now

    def returns(self, a, b, favours):
        """Whether a owes b a favour, and its draw says that it returns it (7.17)."""
        rules, since = self.scenario.help, favours[a].get(b)
        if rules.reciprocity == 0 or since is None or self.now - since > rules.reciprocity_rounds:
            return False
        return chance(self.stream(draws.RECIPROCITY, a)[b], rules.reciprocity)

    def favours(self):
        """Whom each agent owes a favour, as at the start of a step."""
        return [dict(agent.owes) for agent in self.agents]

    def owe(self, helper, helped):
        """Of two people, the one whom the other helped last owes a favour (7.17)."""
        if self.scenario.help.reciprocity == 0:
            return
        self.agents[helper].owes.pop(helped, None)
        self.agents[helped].owes[helper] = self.now

    def active(self):
        return [a for a, agent in enumerate(self.agents) if agent.active]

    # 3. Process overview and scheduling

    def step(self):
        """A round."""
        if self.now in self.later:
            self.change(self.later[self.now])
        self.counts = [Counter() for _ in self.scenario.strategies]
        self.referrals = {}  # helped: (expert, referrer, trust)
        if self.now > 0:
            self.fade()
        self.newcomers()
        self.needs()
        if self.now % self.scenario.mixer.every == 0:
            self.mixers()
        self.phone()
        if not self.public:
            self.gossip()
        for a in self.active():
            self.pay(a, "tie_kept", len(self.agents[a].ties))
        failed = self.overhead()
        self.record(failed)
        self.fail(failed)
        if self.scenario.evolution:
            self.imitate()
        self.now += 1

    # 3.1 Settings that change

    def change(self, scenario):
        """The world goes on by other settings; what has been paid keeps its price."""
        for agent in self.agents:
            agent.before.update(self.amounts(agent.account))
            agent.account.clear()
            agent.own = {}
        for key, n in self.flows.items():
            self.flows_before[key] += n * self.prices[key[2]][1]
        self.flows.clear()
        self.scenario = scenario
        self.bar = single(scenario.calls.min_opinion)
        self.prior = single(scenario.reputation.prior)
        self.set_prices()
        if scenario.help.reciprocity == 0:
            for agent in self.agents:
                agent.owes = {}

    # 5. Initialisation

    def initialise(self):
        population = self.scenario.population
        n = population.agents
        self.towns = []  # first agent, one past the last, region
        first = 0
        for region, members in enumerate(deal([r.share for r in self.scenario.regions], n)):
            size = population.town_size
            m = min(members, 1) if size == 0 else -(-members // size)
            for k in range(m):
                bounds = [first + members * k // m, first + members * (k + 1) // m]
                self.towns.append((*bounds, region))
            first += members
        shares = [s.share for s in self.scenario.strategies]
        strategies = self.deal_out(shares, draws.DEAL_STRATEGIES)
        domains = population.domains
        expertise = self.deal_out([1 / domains] * domains, draws.DEAL_EXPERTISE)
        self.agents = [
            Agent(strategies[a], region, town, expertise[a])
            for town, (first, end, region) in enumerate(self.towns)
            for a in range(first, end)
        ]
        self.standing = [self.prior] * n
        for a, agent in enumerate(self.agents):
            self.name_start_ties(a, *self.towns[agent.town][:2])

    def deal_out(self, shares, purpose):
        """What each agent is dealt, in a random order of all."""
        n = self.scenario.population.agents
        stream = self.stream(purpose)
        dealt = [None] * n
        order = sorted(range(n), key=lambda a: (stream[a], a))
        cards = [kind for kind, count in enumerate(deal(shares, n)) for _ in range(count)]
        for a, kind in zip(order, cards):
            dealt[a] = kind
        return dealt

    def name_start_ties(self, a, first, end):
        population = self.scenario.population
        stream = self.stream(draws.START_TIES, a)
        named, tries = [], 0
        while len(named) < min(population.start_ties // 2, end - first - 1):
            other = first + below_other(stream[tries], end - first, a - first)
            tries += 1
            if other not in named:
                named.append(other)
                for one, its_contact in ((a, other), (other, a)):
                    trust = single(self.own(one, "population", "start_trust"))
                    self.meet(one, its_contact, trust)

    # 7.2 Opinion, ties and trust

    def tie(self, a, b):
        return next((tie for tie in self.agents[a].ties if tie.contact == b), None)

    def fade(self):
        """All trust decays; a new epoch begins when the scale gets small."""
        self.decayed *= self.scenario.reputation.fade
        self.scale = single(self.decayed)
        if self.decayed < 2.0**-40:
            for agent in self.agents:
                for tie in agent.ties:
                    trust = tie.stored * self.scale
                    tie.stored = trust if abs(trust) >= single(2.0**-80) else single(0)
            self.decayed, self.scale = 1.0, single(1)
        self.limit = single(1) / self.scale
        while self.limit * self.scale > 1:
            self.limit = np.nextafter(self.limit, single(0))

    def read(self, stored):
        return stored * self.scale

    def store(self, trust):
        return min(max(single(trust) / self.scale, -self.limit), self.limit)

    def trust(self, a, b):
        """Trust as read of a in b, `prior` without a tie."""
        tie = self.tie(a, b)
        return self.read(tie.stored if tie else self.store(self.prior))

    # Opinions are compared as they are stored.

    def opinion(self, a, b):
        if self.public:
            return self.standing[b]
        tie = self.tie(a, b)
        return tie.stored if tie else self.store(self.prior)

    def threshold(self, opinion):
        return single(opinion) if self.public else self.store(opinion)

    def value(self, opinion):
        return opinion if self.public else self.read(opinion)

    def best_tie(self, a, qualifies, word):
        """The contact that qualifies with the highest opinion above the bar, and that opinion."""
        best = None
        for tie in self.agents[a].ties:
            if qualifies(tie.contact):
                opinion = self.standing[tie.contact] if self.public else tie.stored
                candidate = (opinion, rank(word, tie.contact), tie.contact)
                if opinion > self.threshold(self.bar) and (best is None or candidate > best):
                    best = candidate
        return best and (best[2], self.value(best[0]))

    def new_tie(self, a, b, trust):
        """A new tie always enters; in a full list it takes the place of the weakest."""
        ties, most = self.agents[a].ties, self.scenario.population.ties_max
        if len(ties) < most:
            ties.append(Tie(b, self.store(trust)))
        elif most > 0:
            first = below(self.now * 0x9E3779B1 % 2**32, most)
            weakness = [(abs(t.stored), (i - first) % most, i) for i, t in enumerate(ties)]
            ties[min(weakness)[2]] = Tie(b, self.store(trust))

    def set_trust(self, a, b, trust):
        tie = self.tie(a, b)
        if tie:
            tie.stored = self.store(trust)
        else:
            self.new_tie(a, b, trust)

    def meet(self, a, b, trust):
        """a gets a tie to b unless there is one."""
        if not self.tie(a, b):
            self.new_tie(a, b, trust)

    def renew(self, a, b):
        """What the end of a conversation leaves of b with a."""
        tie = self.tie(a, b)
        if not tie:
            self.new_tie(a, b, self.prior)
        elif tie.stored >= 0:
            tie.stored = max(tie.stored, self.store(self.prior))

    # 7.3 Needs

    def needs(self):
        needs, domains = self.scenario.needs, self.scenario.population.domains
        stream, sizes = self.stream(draws.NEEDS), self.stream(draws.NEED_SIZES)
        for a in self.active():
            agent = self.agents[a]
            open_still = [need for need in agent.needs if self.now < need.opened + needs.patience]
            self.count(a, "needs_lapsed", len(agent.needs) - len(open_still))
            agent.needs = open_still
            rate = self.own(a, "needs", "rate")
            if len(agent.needs) < needs.at_once and chance(stream[2 * a], rate):
                one = domains == 1
                domain = 0 if one else below_other(stream[2 * a + 1], domains, agent.expertise)
                size = 1
                if needs.sizes != [1]:
                    size = needs.sizes[pick(needs.size_shares, sizes[a])]
                agent.needs.append(SimpleNamespace(domain=domain, opened=self.now, size=size))
                self.count(a, "needs_opened")

    # 7.19 Several needs at once

    def first_need(self, a, domain=None):
        """The first need of a, or its first in a domain: the largest, of equals the oldest."""
        needs = [n for n in self.agents[a].needs if domain is None or n.domain == domain]
        return max(needs, key=lambda need: need.size, default=None)

    def need_toward(self, a, b):
        """The domain of the need of a that matters to b: of the first that b can solve, or the first."""
        need = self.first_need(a, self.agents[b].expertise) or self.first_need(a)
        return need and need.domain

    def close_need(self, a, expert):
        """The first need of a that the expert can solve is solved; returns its size."""
        need = self.first_need(a, self.agents[expert].expertise)
        self.agents[a].needs.remove(need)
        self.thank(a)
        self.owe(expert, a)
        self.count(a, "needs_solved")
        return need.size

    # 7.4 Mixers

    def mixers(self):
        events = self.who_comes_where()
        for slot in range(self.scenario.mixer.slots):
            self.next_standing = list(self.standing)
            for event in events:
                self.slot(event, slot)
            self.standing = self.next_standing
        for event in events:
            self.end_conversations(event, lambda a, b: False)
            for a, met in zip(event.guests, event.met):
                self.count(a, "contacts", len(met))
        for a, (expert, *_) in list(self.referrals.items()):
            if not self.first_need(a, self.agents[expert].expertise):
                del self.referrals[a]

    def who_comes_where(self):
        mixer, n_towns = self.scenario.mixer, len(self.towns)
        stream, travel = self.stream(draws.ATTENDANCE), self.stream(draws.TRAVEL)
        guests = [[] for _ in self.towns]
        self.favours_before = self.favours()
        forward = self.stream(draws.PAY_FORWARD)
        self.forward = {a for a in self.active() if self.pays_forward(a, forward)}
        for a in self.active():
            attends, place = (stream[2 * a + i] for i in range(2))
            if chance(attends, self.traits(a).attend):
                self.count(a, "guests")
                self.pay(a, "attend_cost")
                town = self.agents[a].town
                if n_towns > 1 and chance(travel[2 * a], mixer.travel):
                    town = below_other(travel[2 * a + 1], n_towns, town)
                    self.pay(a, "travel_cost")
                guests[town].append((place, a))
        events = []
        for town, there in enumerate(guests):
            there = [a for _, a in sorted(there)]
            n_events = -(-len(there) // mixer.size)
            for k in range(n_events):
                seats = there[k::n_events]
                unit = town * 2**32 + k
                purposes = (draws.EVENT, draws.BYSTANDERS, draws.CHOICES, draws.LINGER)
                purposes += (draws.POLITENESS,)
                streams = [self.stream(purpose, unit) for purpose in purposes]
                events.append(Event(seats, self.towns[town][2], *streams))
        return events

    def slot(self, event, slot):
        n, width = len(event.guests), event.width
        rows = "order ask serve answer act reply".split()

        def word(row, seat):
            return event.stream[6 * width * slot + rows.index(row) * width + seat]

        def wants(seat):
            return chance(event.linger[width * slot + seat], self.traits(event.guests[seat]).linger)

        def yields(seat):
            word = event.politeness[width * slot + seat]
            return chance(word, self.scenario.mixer.politeness)

        def goes_on(a, b):
            if wants(a) != wants(b):
                return yields(b) if wants(a) else yields(a)
            return wants(a)

        self.end_conversations(event, goes_on)
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = below(word("order", i), i + 1)
            order[i], order[j] = order[j], order[i]
        mixer = self.scenario.mixer
        factors = (mixer.familiarity, mixer.same_town, mixer.same_region)
        factors += (mixer.same_domain, mixer.mutual)
        if mixer.opinion_weight == 0 and all(factor == 1 for factor in factors):
            self.pair_evenly(event, order)
        else:
            self.pair_by_choice(event, slot, order)
        talking = set()
        for seat in order:
            other = event.partner[seat]
            if other is not None and seat not in talking:
                talking |= {seat, other}
                event.length[seat] += 1
                event.length[other] += 1
                self.turn(event, slot, seat, other, word)
                self.turn(event, slot, other, seat, word)

    def end_conversations(self, event, goes_on):
        for a, b in enumerate(event.partner):
            if b is not None and a < b and not goes_on(a, b):
                event.partner[a] = event.partner[b] = None
                for seat, other in ((a, b), (b, a)):
                    agent = event.guests[seat]
                    self.renew(agent, event.guests[other])
                    self.count(agent, "conversations")
                    self.count(agent, "conversation_slots", event.length[seat])

    def pair_evenly(self, event, order):
        """Neighbours in the order who are both free, then those left over."""
        for pair in zip(order[::2], order[1::2]):
            if event.is_free(pair[0]) and event.is_free(pair[1]):
                event.join(*pair)
        left = [seat for seat in order if event.is_free(seat)]
        for pair in zip(left[::2], left[1::2]):
            event.join(*pair)

    def pair_by_choice(self, event, slot, order):
        """Free guests choose one after the other between two candidates, by their weights (7.15)."""
        width, mixer = event.width, self.scenario.mixer

        def choice_word(i):
            return event.choices[4 * width * slot + i]

        def weight(chooser, candidate):
            a, b = event.guests[chooser], event.guests[candidate]
            one, other = self.agents[a], self.agents[b]
            weight = 1.0
            if self.tie(a, b):
                weight *= mixer.familiarity
            if mixer.opinion_weight != 0:
                opinion = float(self.value(self.opinion(a, b)))
                weight *= max(0.0, 1.0 + mixer.opinion_weight * opinion)
            if one.town == other.town:
                weight *= mixer.same_town
            if one.region == other.region:
                weight *= mixer.same_region
            if one.expertise == other.expertise:
                weight *= mixer.same_domain
            if {tie.contact for tie in one.ties} & {tie.contact for tie in other.ties}:
                weight *= mixer.mutual
            return weight

        def take_out(seat):
            last = pool.pop()
            if last != seat:
                pool[pool.index(seat)] = last

        choosers = [seat for seat in order if event.is_free(seat)]
        pool = list(choosers)
        for chooser in choosers:
            if not event.is_free(chooser):
                continue
            take_out(chooser)
            if not pool:
                break
            if len(pool) == 1:
                chosen = pool[0]
            else:
                p = below(choice_word(2 * chooser), len(pool))
                q = below_other(choice_word(2 * chooser + 1), len(pool), p)
                first, second = pool[p], pool[q]
                w1, w2 = weight(chooser, first), weight(chooser, second)
                even = w1 + w2 == 0
                share = 0.5 if even else w1 / (w1 + w2)
                takes_first = chance(choice_word(2 * width + chooser), share)
                chosen = first if takes_first else second
            take_out(chosen)
            event.join(chooser, chosen)
            if not chance(choice_word(3 * width + chooser), 0.5):
                i, j = order.index(chooser), order.index(chosen)
                order[i], order[j] = order[j], order[i]

    def turn(self, event, slot, seat_a, seat_b, word):
        """A turn of a toward b: both decide, then they judge, then those who looked on."""
        a, b = event.guests[seat_a], event.guests[seat_b]
        words = {row: word(row, seat_a) for row in ("ask", "serve", "answer")}
        act, reply = None, None
        wants = self.agents[a].needs and not event.pushed[seat_a]
        if wants and chance(words["ask"], self.traits(a).ask):
            event.pushed[seat_a] = True
            self.count(a, "acts_push")
            act, reply = "push", self.answer(a, b, words)
        elif chance(words["serve"], self.manner(a, b).serve):
            act = self.serve(a, b, words)
        elif self.scenario.needs.visible and self.first_need(b, self.agents[a].expertise):
            act = "refuse"
        acts = ((act, a, b), (reply, b, a))
        for name, (what, actor, recipient) in zip(("act", "reply"), acts):
            if what == "refuse":
                self.count(actor, "acts_refuse")
            if what:
                decides = word(name, seat_a)
                if not self.public:
                    verdict = self.verdict(what, actor, recipient, True, 1.0, decides, event.region)
                    self.judge(recipient, actor, verdict)
                else:
                    good, observe = self.standing[recipient] >= 0, self.scenario.reputation.observe
                    verdict = self.verdict(what, actor, actor, good, observe, decides, event.region)
                    if verdict is not None:
                        moved = self.update(self.next_standing[actor], verdict)
                        self.next_standing[actor] = moved
        if not self.public and self.scenario.reputation.observe > 0:
            for j, (what, actor, recipient) in enumerate(acts):
                if what:
                    self.look_on(event, slot, seat_a, seat_b, j, what, actor, recipient)

    def answer(self, a, b, words):
        """How b answers a's push."""
        traits, need = self.manner(b, a), self.need_toward(a, b)
        willing = self.opinion(b, a) >= self.threshold(traits.min_opinion)
        if self.agents[b].expertise == need:
            granted = traits.comply * self.left_by_cost("assist_cost")
            if willing and chance(words["answer"], granted):
                return self.assist(b, a, "push", words["answer"], granted)
            return "refuse"
        refers = traits.refer * self.left_by_cost("refer_cost")
        if willing and chance(words["answer"], refers) and self.refer(b, a, words["answer"]):
            return "help"
        return None

    def serve(self, a, b, words):
        """a asks about b's need and acts on it."""
        traits, need = self.manner(a, b), self.need_toward(b, a)
        if need is not None:
            able = self.agents[a].expertise == need
            if self.opinion(a, b) < self.threshold(traits.min_opinion):
                return "refuse" if able else None
            if able:
                granted = self.left_by_cost("assist_cost")
                if not chance(words["answer"], granted):
                    return "refuse"
                return self.assist(a, b, "gift", words["answer"], granted)
            refers = traits.refer * self.left_by_cost("refer_cost")
            if chance(words["answer"], refers) and self.refer(a, b, words["answer"]):
                return "help"
        self.pay(a, "encourage_cost")
        self.pay(b, "encouragement")
        self.flow(a, b, "encouragement")
        return "encourage"

    def left_by_cost(self, cost):
        """The share of the chances to help that the cost of help leaves (7.13)."""
        s = self.scenario
        value = s.needs.value * mean_size(s.needs)
        return demand(s.help.cost_sensitivity, getattr(s.help, cost), value)

    def assist(self, helper, helped, channel, word, granted):
        """The word let it be granted with this chance; the lowest of these words let it fail."""
        if chance(word, granted * self.own(helper, "help", "execution_error")):
            return "refuse"
        size = self.close_need(helped, helper)
        self.pay(helped, channel, size)
        self.pay(helper, "assist_cost")
        self.flow(helper, helped, channel, size)
        return "help"

    def refer(self, helper, helped, word):
        need = self.need_toward(helped, helper)
        best = self.best_tie(
            helper, lambda k: self.agents[k].expertise == need and k != helped, word
        )
        if best is None:
            return False
        expert, opinion = best
        vouch = single(self.scenario.reputation.vouch)
        v = self.value(self.opinion(helped, helper)) if self.tie(helped, helper) else vouch
        trust = opinion * max(v, single(0))
        self.meet(helped, expert, trust)
        self.referrals[helped] = (expert, helper, trust)
        self.pay(helper, "refer_cost")
        return True

    # 7.5 Judging

    def verdict(self, act, actor, judge, recipient_good, observe, word, here=None):
        """A verdict on an actor with the manners of the judge's region, none if the act is not seen;
        under public reputation the judge is named as the actor, whose region counts then. `here` is
        the region of the event, none for a call."""
        if not chance(word, observe):
            return None
        reputation = self.scenario.reputation
        manners = self.scenario.regions[self.agents[judge].region]
        home = self.agents[actor].region
        traits = self.traits(actor)
        polish = traits.polish
        if here is not None and here != home:
            polish *= self.scenario.regions[home].polish_abroad
        if act == "push":
            verdict = -single(manners.push_penalty)
        elif act == "encourage":
            verdict = single(reputation.encourage_credit)
        else:
            column = (0 if act == "help" else 2) + (0 if recipient_good else 1)
            verdict = single(NORMS[reputation.norm][column])
        read, wrong = observe * (manners.legibility * (1 - polish)), reputation.assessment_error
        if chance(word, read):
            verdict = single(traits.serve - traits.ask)
            return -verdict if chance(word, read * wrong) else verdict
        return -verdict if chance(word, read + (observe - read) * wrong) else verdict

    def update(self, opinion, verdict):
        learning = single(self.scenario.reputation.learning)
        moved = opinion * (single(1) - learning) + verdict * learning
        return min(max(moved, single(-1)), single(1))

    def judge(self, judge, actor, verdict):
        """Private reputation: the judge's trust in the actor moves toward the verdict."""
        self.set_trust(judge, actor, self.update(self.trust(judge, actor), verdict))

    def look_on(self, event, slot, seat_a, seat_b, j, act, actor, recipient):
        """Private reputation: the other guests judge what they see."""
        first = ((slot * event.width + seat_a) * 2 + j) * event.width
        for seat, judge in enumerate(event.guests):
            if seat in (seat_a, seat_b):
                continue
            word, observe = event.bystanders[first + seat], self.scenario.reputation.observe
            good = self.opinion(judge, recipient) >= 0
            verdict = self.verdict(act, actor, judge, good, observe, word, event.region)
            if verdict is not None:
                self.judge(judge, actor, verdict)

    # 7.6 The phone rings

    def phone(self):
        calls = []
        self.favours_before = self.favours()
        picks_up = self.stream(draws.PICK_UP)
        rules = self.scenario.calls
        left = demand(rules.price_sensitivity, rules.fee, 1.0)
        for caller in self.active():
            if not self.agents[caller].needs:
                continue
            if caller in self.referrals:
                if chance(picks_up[caller], left):
                    expert, referrer, trust = self.referrals[caller]
                    calls.append(Call(caller, expert, [referrer], trust))
            elif chance(picks_up[caller], rules.rate * left):
                call = self.search(caller)
                if call:
                    calls.append(call)
        self.take_calls(calls)
        self.judge_calls(calls)
        self.settle_calls(calls)

    def search(self, caller):
        """The call that a caller's search for an expert leads to, or none."""
        need, depth = self.first_need(caller).domain, self.scenario.calls.depth
        stream = self.stream(draws.CALL, caller)

        def expert(k):
            return self.agents[k].expertise == need and k != caller

        found = self.best_tie(caller, expert, stream[0])
        if found:
            return Call(caller, found[0], [], found[1])
        asked = self.best_tie(caller, lambda k: True, stream[1]) if depth > 0 else None
        asker, chain, product = caller, [], single(1)
        while asked:
            link, opinion = asked
            helps, names, passes_on = (stream[3 + 3 * len(chain) + i] for i in range(3))
            returns = self.returns(link, asker, self.favours_before)
            traits = self.helpful(link) if returns else self.traits(link)
            if self.opinion(link, asker) < self.threshold(traits.min_opinion):
                return None
            if not chance(helps, traits.refer * self.left_by_cost("refer_cost")):
                return None
            product = product * opinion
            found = self.best_tie(link, lambda k: expert(k) and k not in chain, names)
            if found:
                self.pay(link, "refer_cost")
                return Call(caller, found[0], chain + [link], product * found[1])
            asked = None
            if len(chain) < depth - 1:
                asked = self.best_tie(link, lambda k: k != caller and k not in chain, passes_on)
            if asked:
                self.pay(link, "refer_cost")
                chain.append(link)
                asker = link
        return None

    def take_calls(self, calls):
        """Each expert takes those to whom it returns a favour, then the best of those above its bar."""
        by_expert = {}
        usual = product(mean_size(self.scenario.needs), self.prices["pull"][1])
        loses = usual < self.prices["assist_cost"][1]
        nobody = self.scenario.calls.only_if_pays and loses
        for call in calls:
            self.count(call.expert, "inbound_calls")
            by_expert.setdefault(call.expert, []).append(call)
        for expert, received in by_expert.items():
            least = self.threshold(self.traits(expert).min_opinion)

            def returns(call):
                return self.returns(expert, call.caller, self.favours_before)

            def place(call):
                word = self.stream(draws.CALL, call.caller)[2]
                return (not returns(call), -self.opinion(expert, call.caller), word, call.caller)

            taken = 0
            for call in sorted(received, key=place):
                below = self.opinion(expert, call.caller) < least
                if nobody or (below and not returns(call)):
                    call.fate = "refused"
                    self.count(expert, "acts_refuse")
                elif taken < self.scenario.calls.capacity:
                    call.fate = "taken"
                    taken += 1
                else:
                    call.fate = "busy"

    def judge_calls(self, calls):
        """Verdicts on the world as the step finds it; all calls of a round are one slot."""
        for call in calls:
            acts = []
            if call.fate == "refused":
                acts = [(call.expert, "refuse")]
            elif call.fate == "taken":
                acts = [(helper, "help") for helper in [call.expert] + call.chain]
            stream = self.stream(draws.CALL, call.caller)
            for i, (actor, act) in enumerate(acts):
                judge, good, observe = call.caller, True, 1.0
                if self.public:
                    judge, good = actor, self.standing[call.caller] >= 0
                    observe = self.scenario.reputation.observe
                verdict = self.verdict(act, actor, judge, good, observe, stream[32 + i])
                if verdict is not None:
                    call.verdicts.append((actor, verdict))

    def settle_calls(self, calls):
        """All callers' sides in the order of their numbers, then all experts'."""
        for call in calls:
            caller, expert = call.caller, call.expert
            self.meet(caller, expert, call.trust)
            if call.fate == "taken":
                size = self.close_need(caller, expert)
                self.count(expert, "taken_calls")
                self.pay(caller, "call", size)
                self.pay(caller, "fee_paid", size)
                self.pay(expert, "pull", size)
                self.pay(expert, "assist_cost")
                self.flow(expert, caller, "call", size)
                self.flow(caller, expert, "pull", size)
                for link in call.chain:
                    self.pay(link, "finder", size)
                    self.pay(caller, "finder_paid", size)
                    self.flow(caller, link, "finder", size)
            for actor, verdict in call.verdicts:
                if self.public:
                    self.standing[actor] = self.update(self.standing[actor], verdict)
                else:
                    self.judge(caller, actor, verdict)
        for call in calls:
            if call.fate == "taken":
                self.renew(call.expert, call.caller)

    # 7.7 Gossip

    def gossip(self):
        stream = self.stream(draws.GOSSIP)
        tellings = []
        for a in self.active():
            ties = self.agents[a].ties
            talks, to_whom, about_whom = (stream[3 * a + i] for i in range(3))
            if len(ties) < 2 or not chance(talks, self.traits(a).gossip):
                continue
            trusted = [tie.contact for tie in ties if tie.stored > 0]
            if not trusted:
                continue
            b = trusted[below(to_whom, len(trusted))]
            others = [tie for tie in ties if tie.contact != b]
            c = others[below(about_whom, len(others))]
            if self.opinion(b, a) > 0:
                tellings.append((b, c.contact, self.read(c.stored)))
        weight = single(self.scenario.reputation.gossip_weight)
        for b, c, told in tellings:
            trust = self.trust(b, c)
            moved = trust + weight * (told - trust)
            self.set_trust(b, c, min(max(moved, single(-1)), single(1)))

    # 7.8 Close: survival

    def newcomers(self):
        stream = self.stream(draws.NEWCOMERS)
        for a in self.vacancies.pop(self.now, []):
            strategy = pick([s.share for s in self.scenario.strategies], stream[a])
            self.agents[a].begin(strategy, self.now)
            self.standing[a] = self.prior

    def overhead(self):
        """Everybody pays overhead; those whose capital is below 0 then are about to fail."""
        if not self.scenario.survival:
            return []
        for a in self.active():
            self.pay(a, "overhead")
        return [a for a in self.active() if self.capital(a) < 0]

    def fail(self, failed):
        if not failed:
            return
        for a in failed:
            agent = self.agents[a]
            self.lives.append((a, agent.strategy, agent.born, self.now + 1, 1))
            agent.active = False
            agent.needs = []
            agent.ties = []
            agent.owes = {}
        gone = set(failed)
        for agent in self.agents:
            agent.ties = [tie for tie in agent.ties if tie.contact not in gone]
            agent.owes = {b: since for b, since in agent.owes.items() if b not in gone}
        back = self.now + self.scenario.survival.replace_after + 1
        self.vacancies.setdefault(back, []).extend(failed)

    # 7.9 Close: evolution

    def imitate(self):
        evolution = self.scenario.evolution
        stream = self.stream(draws.EVOLUTION)
        active = self.active()
        recent = {}
        for a in active:
            nets = self.agents[a].nets
            nets.append(self.net(self.amounts_of(a)))
            before = nets[-evolution.window - 1] if len(nets) > evolution.window else 0
            recent[a] = nets[-1] - before
        changes = []
        for place, a in enumerate(active):
            low, high, compares, adopts, mutates, which = (stream[6 * a + i] for i in range(6))
            if not chance(compares, evolution.rate):
                continue
            word = low + high * 2**32
            other, ties = None, self.agents[a].ties
            if evolution.among == "ties":
                if ties:
                    other = ties[word * len(ties) >> 64].contact
            elif len(active) > 1:
                pick = word * (len(active) - 1) >> 64
                other = active[pick + 1 if pick >= place else pick]
            strategy = self.agents[a].strategy
            if other is not None:
                advantage = evolution.intensity * float(recent[other] - recent[a])
                if chance(adopts, 1 / (1 + math.exp(min(-advantage, 700.0)))):
                    strategy = self.agents[other].strategy
            if chance(mutates, evolution.mutation):
                strategy = below(which, len(self.scenario.strategies))
            changes.append((a, strategy))
        for a, strategy in changes:
            self.agents[a].strategy = strategy

    # 7.10 Benefit: the ledger

    def set_prices(self):
        s = self.scenario
        value = amount(s.needs.value)
        fee, finder_fee = product(s.calls.fee, value), product(s.calls.finder_fee, value)
        overhead = amount(s.survival.overhead) if s.survival else Decimal(0)
        # Kind of payment: the column it adds to, and its price.
        self.prices = {
            "push": ("push", value),
            "gift": ("gift", value),
            "call": ("call", value),
            "pull": ("pull", fee),
            "encouragement": ("encouragement", amount(s.help.encourage_value)),
            "finder": ("finder", finder_fee),
            "assist_cost": ("assist_cost", amount(s.help.assist_cost)),
            "refer_cost": ("refer_cost", amount(s.help.refer_cost)),
            "encourage_cost": ("encourage_cost", amount(s.help.encourage_cost)),
            "fee_paid": ("fees_paid", fee),
            "finder_paid": ("fees_paid", finder_fee),
            "attend_cost": ("attend_cost", amount(s.mixer.cost)),
            "travel_cost": ("travel_cost", amount(s.mixer.travel_cost)),
            "overhead": ("overhead", overhead),
            "tie_kept": ("overhead", amount(s.population.tie_cost)),
        }

    def pay(self, a, post, n=1):
        """Counts payments on the account of a, and in the round's counts: n units of the price."""
        self.agents[a].account[post] += n
        self.count(a, post, n)

    def count(self, a, what, n=1):
        self.counts[self.agents[a].strategy][what] += n

    def flow(self, giver, receiver, channel, n=1):
        if self.now >= self.scenario.burn_in:
            strategies = [self.agents[x].strategy for x in (giver, receiver)]
            self.flows[*strategies, channel] += n

    def amounts(self, account):
        """The benefits and costs of an account, exactly, all as positive numbers."""
        amounts = dict.fromkeys(BENEFITS + COSTS, Decimal(0))
        for post, (column, price) in self.prices.items():
            amounts[column] += account[post] * price
        return amounts

    def amounts_of(self, a):
        """The same of an agent since its birth, each payment at the price of its time."""
        agent = self.agents[a]
        return {name: n + agent.before[name] for name, n in self.amounts(agent.account).items()}

    def net(self, amounts):
        return sum(amounts[b] for b in BENEFITS) - sum(amounts[c] for c in COSTS)

    def capital(self, a):
        """The endowment and net benefit in money: 0 is just enough."""
        amounts = self.amounts_of(a)
        words = amounts["encouragement"] - amounts["encourage_cost"]
        return amount(self.own(a, "survival", "endowment")) + self.net(amounts) - words

    # 7.11 What is recorded

    def record(self, failed):
        for i, strategy in enumerate(self.scenario.strategies):
            members = [a for a in self.active() if self.agents[a].strategy == i]
            counts = self.counts[i]
            for a in failed:
                counts["needs_lost"] += len(self.agents[a].needs) if a in members else 0
            opinions = self.opinions_of(i)
            good = sum(self.standing[a] >= 0 for a in members)
            totals = {
                "net": self.net(self.amounts(counts)),
                **{name: self.amounts(counts)[name] for name in BENEFITS + COSTS},
                "net_total": sum(self.net(self.amounts_of(a)) for a in members),
                "inbound_calls": counts["inbound_calls"],
                "taken_calls": counts["taken_calls"],
                "ties": sum(len(self.agents[a].ties) for a in members),
                "needs_opened": counts["needs_opened"],
                "needs_solved": counts["needs_solved"],
                "needs_lapsed": counts["needs_lapsed"],
                "needs_open": sum(len(self.agents[a].needs) for a in members)
                - counts["needs_lost"],
                "needs_lost": counts["needs_lost"],
                "acts_push": counts["acts_push"],
                "acts_assist": counts["assist_cost"],
                "acts_refer": counts["refer_cost"],
                "acts_encourage": counts["encourage_cost"],
                "acts_refuse": counts["acts_refuse"],
            }
            row = {"round": self.now, "strategy": strategy.name, "agents": len(members)}
            row |= {name: mean(total, len(members)) for name, total in totals.items()}
            row["opinion"] = mean(sum(opinions), len(opinions))
            row["standing_good"] = mean(good, len(members)) if self.public else None
            mixer = self.now % self.scenario.mixer.every == 0
            row["guests"] = counts["guests"] if mixer else None
            row["contacts"] = mean(counts["contacts"], counts["guests"])
            row["conversation_slots"] = mean(counts["conversation_slots"], counts["conversations"])
            self.rows.append(row)

    def opinions_of(self, strategy):
        """The opinions held of a strategy's members."""
        if self.public:
            return [
                float(self.standing[a])
                for a in self.active()
                if self.agents[a].strategy == strategy
            ]
        return [
            float(tie.stored) * float(self.scale)
            for agent in self.agents
            for tie in agent.ties
            if self.agents[tie.contact].strategy == strategy
        ]

    def flow_rows(self):
        """The rows of flows.csv that are not 0."""
        for key in self.flows | self.flows_before:
            giver, receiver, channel = key
            names = [self.scenario.strategies[i].name for i in (giver, receiver)]
            row = {"from": names[0], "to": names[1], "channel": channel}
            value = self.flows[key] * self.prices[channel][1]
            yield row | {"value": value + self.flows_before[key]}

    def life_rows(self):
        """The rows of survival.csv, at the end of the run."""
        lives = list(self.lives)
        for a in self.active():
            agent = self.agents[a]
            lives.append((a, agent.strategy, agent.born, self.now, 0))
        for a, strategy, *rest in lives:
            name = self.scenario.strategies[strategy].name
            row = {"agent": a, "strategy": name}
            yield row | dict(zip(("born", "ended", "failed"), rest))

    def agent_rows(self):
        """The rows of agents.csv, at the end of the run."""
        for a, agent in enumerate(self.agents):
            need = self.first_need(a)
            amounts = self.amounts_of(a)
            yield {
                "agent": a,
                "strategy": self.scenario.strategies[agent.strategy].name,
                "region": self.scenario.regions[agent.region].name,
                "town": agent.town,
                "expertise": agent.expertise,
                "active": int(agent.active),
                "born": agent.born,
                "need": need and need.domain,
                "need_opened": need and need.opened,
                "ties": len(agent.ties),
                "standing": float(self.standing[a]) if self.public else None,
                "capital": self.capital(a) if self.scenario.survival else None,
                "net_total": self.net(amounts),
                **{name: amounts[name] for name in BENEFITS + COSTS},
            }


def spread_at(u, mean, sd, least, most):
    """The number at quantile u of the distribution with this mean and standard deviation."""
    down, up = mean - least, most - mean
    near, width = min(down, up), sd * math.sqrt(3)
    if width <= near:
        below = above = width
    else:
        far = 3 * sd * sd / near
        below, above = (near, far) if down <= up else (far, near)
    p = above / (below + above)
    if u < p:
        number = mean - below * (1 - u / p)
    else:
        number = mean + above * ((u - p) / (1 - p))
    return min(max(number, least), most)


def deal(shares, n):
    """How many of n each share gets: the missing ones go to the largest remainders."""
    shares = [Fraction(share).limit_denominator(10**9) for share in shares]
    counts = [math.floor(share * n) for share in shares]
    order = sorted(range(len(shares)), key=lambda i: counts[i] - shares[i] * n)
    for i in order[: n - sum(counts)]:
        counts[i] += 1
    return counts


def pick(shares, word):
    """The position that a word picks, each with its share."""
    total = 0.0
    for i, share in enumerate(shares):
        total += share
        if word / 2**32 < total:
            return i
    return len(shares) - 1


def mean_size(needs):
    """The mean size of needs, by which those go who do not know the size (7.3)."""
    return sum(size * share for size, share in zip(needs.sizes, needs.size_shares))


def demand(sensitivity, cost, value):
    """The share that acts at a cost: linear, at least 0 (7.13)."""
    burden = sensitivity * cost
    if burden == 0:
        return 1.0
    return max(0.0, 1.0 - burden / value) if value > 0 else 0.0


def amount(number):
    """An amount as written, rounded to 1e-9."""
    return product(number, Decimal(1))


def product(ratio, price):
    """A ratio as written times a price, rounded to 1e-9."""
    return (Decimal(repr(ratio)) * price).quantize(Decimal("1e-9"), ROUND_HALF_UP)


def mean(total, n):
    """The number of double precision nearest to the mean, or nothing where there is nobody."""
    return float(Fraction(total) / n) if n else None


def run(scenario):
    """The worlds of all replicates at the end of the run."""
    for replicate in range(scenario.replicates):
        world = World(scenario, draws.replicate_seed(scenario.seed, replicate))
        for _ in range(scenario.rounds):
            world.step()
        yield world


def write_rounds(scenario, file, digits=17):
    """Writes rounds.csv; 17 digits give every number in full."""
    table = None
    for replicate, world in enumerate(run(scenario)):
        for row in world.rows:
            if table is None:
                table = csv.DictWriter(file, ["replicate", *row], lineterminator="\n")
                table.writeheader()
            cells = {k: f"{v:.{digits}g}" if isinstance(v, float) else v for k, v in row.items()}
            table.writerow({"replicate": replicate} | cells)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as scenario_file:
        write_rounds(read_scenario(scenario_file.read()), sys.stdout)
