"""Reads the networks of a result with networkx and igraph, and compares them with its edge list.

    python tests/networks/read_back.py RESULT
"""

import csv
import sys
from pathlib import Path

import igraph
import networkx as nx


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def check(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {len(found)} found, {len(expected)} expected; first others: "
                 f"{sorted(found ^ expected)[:3]}")
    print(f"{what}: {len(found)} agree")


def main(result):
    ties = rows(result / "ties.csv")
    nodes = rows(result / "nodes.csv")
    rounds = sorted({int(row["round"]) for row in ties})
    end = dict(zip(rounds, rounds[1:] + [rounds[-1] + 1]))
    expected = {(int(row["round"]), row["from"], row["to"], float(row["trust"])) for row in ties}
    people = {row["agent"]: row for row in nodes}  # the last round of each

    graph = nx.read_graphml(result / "network.graphml")
    assert graph.is_directed()
    found = {(d["round"], a, b, d["trust"]) for a, b, d in graph.edges(data=True)}
    check("networkx, GraphML, ties", found, expected)
    attributes = ("strategy", "region", "town", "expertise", "net_total")
    found = {(n, *(str(d[name]) for name in attributes[:4]), d["net_total"]) for n, d in graph.nodes(data=True)}
    wanted = {(n, *(row[name] for name in attributes[:4]), float(row["net_total"])) for n, row in people.items()}
    check("networkx, GraphML, people", found, wanted)

    graph = igraph.Graph.Read_GraphML(str(result / "network.graphml"))
    name = graph.vs["id"]
    found = {(int(e["round"]), name[e.source], name[e.target], e["trust"]) for e in graph.es}
    check("igraph, GraphML, ties", found, expected)

    graph = nx.read_gexf(result / "network.gexf")
    found = set()
    for a, b, data in graph.edges(data=True):
        for trust, start, stop in data["trust"]:
            assert end[int(start)] == int(stop)
            found.add((int(start), a, b, float(trust)))
    check("networkx, GEXF, ties", found, expected)
    found = {
        (n, int(start), float(value))
        for n, data in graph.nodes(data=True)
        for value, start, _ in data["net_total"]
    }
    check("networkx, GEXF, people", found, {(r["agent"], int(r["round"]), float(r["net_total"])) for r in nodes})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
