#!/usr/bin/env python3
"""How far from the best schedule of somebody who knew the whole day?

    paotui simulate TRACE --schedule ours.csv
    benches/bound/run TRACE ours.csv [--seconds 600]

OR-tools gets every request of the day in advance, nobody declines, and it starts from our own schedule: what it prints
is the best full-knowledge schedule it finds in that time (an upper bound of the optimum, not a proven one).
Cost: sum of weight x (time at the door - time placed), weights 20, 2, 1 for red, yellow, green.
Simplified in its favour: walkers all go at the mean walking speed and riders at the mean riding speed.
"""
import argparse
import csv
import math
from collections import defaultdict
from pathlib import Path
from statistics import mean

try:
    import tomllib
except ImportError:  # Python before 3.11
    import tomli as tomllib

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

WEIGHT = {"red": 20, "yellow": 2, "green": 1}
DAY_S = 100_000
LEFT_OVER = 10_000_000
# Only the start of a trip is bound to the shift; in the solver's favour its end has this much.
OVERTIME_S = 7200


def metres(a, b):
    lat1, lon1, lat2, lon2 = map(math.radians, (*a, *b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(h))


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class Day:
    def __init__(self, folder, schedule):
        head = tomllib.loads((folder / "trace.toml").read_text())
        self.road, self.bag_s, self.drop_s = head["road_factor"], head.get("extra_bag_s", 0), head.get("extra_drop_s", 0)
        self.requests, self.runners = rows(folder / "requests.csv"), rows(folder / "runners.csv")
        self.halts = rows(schedule)
        number = {request["request"]: n for n, request in enumerate(self.requests)}
        self.door_at, self.routes = {}, defaultdict(list)
        for halt in self.halts:
            n = number[halt["request"]]
            self.routes[halt["runner"]].append(2 * n + (halt["act"] == "deliver"))
            if halt["act"] == "deliver":
                self.door_at[n] = float(halt["leave_s"])

    def ours(self):
        weighed = [(WEIGHT[r["urgency"]], self.door_at[n] - float(r["placed_s"]))
                   for n, r in enumerate(self.requests) if n in self.door_at]
        return sum(w * t for w, t in weighed), sum(w for w, _ in weighed), len(weighed)

    def nodes(self):
        """Node 2n collects request n, node 2n+1 delivers it; then come the runners' starts, and one end for all."""
        for request in self.requests:
            yield (float(request["shop_lat"]), float(request["shop_lon"])), float(request["shop_s"]), "collect"
            yield (float(request["door_lat"]), float(request["door_lon"])), float(request["door_s"]), "deliver"
        for runner in self.runners:
            yield (float(runner["lat"]), float(runner["lon"])), 0.0, "start"
        yield None, 0.0, "end"


def travel(day, speed):
    """Seconds from node to node, service at the first included, as a matrix."""
    nodes = list(day.nodes())
    spots = {}
    index = [spots.setdefault(spot, len(spots)) for spot, _, _ in nodes]
    places = list(spots)
    way = [[0 if a is None or b is None else metres(a, b) * day.road / speed for b in places] for a in places]
    extra = {"collect": day.bag_s, "deliver": day.drop_s, "start": 0, "end": 0}
    matrix = []
    for a, (_, service, kind) in enumerate(nodes):
        ways = way[index[a]]
        row = [round(service + ways[spot]) for spot in index]
        for b, (_, _, other) in enumerate(nodes):
            if index[b] == index[a] and other == kind:
                row[b] = round(extra[kind])
        matrix.append(row)
    return matrix


def solve(day, seconds):
    count, fleet = len(day.requests), len(day.runners)
    starts, end = [2 * count + r for r in range(fleet)], 2 * count + fleet
    manager = pywrapcp.RoutingIndexManager(end + 1, fleet, starts, [end] * fleet)
    model = pywrapcp.RoutingModel(manager)
    rides = [float(runner["speed_mps"]) > 2.5 for runner in day.runners]
    callbacks = {}
    for kind in set(rides):
        speed = mean(float(r["speed_mps"]) for r, riding in zip(day.runners, rides) if riding == kind)
        callbacks[kind] = model.RegisterTransitMatrix(travel(day, speed))
    model.AddDimensionWithVehicleTransits([callbacks[kind] for kind in rides], DAY_S, DAY_S, False, "time")
    time = model.GetDimensionOrDie("time")
    change = [bags for request in day.requests for bags in (int(request["bags"]), -int(request["bags"]))]
    bags = model.RegisterUnaryTransitVector(change + [0] * (fleet + 1))
    model.AddDimensionWithVehicleCapacity(bags, 0, [int(r["capacity_bags"]) for r in day.runners], True, "bags")
    solver = model.solver()
    for n, request in enumerate(day.requests):
        collect, deliver = manager.NodeToIndex(2 * n), manager.NodeToIndex(2 * n + 1)
        model.AddPickupAndDelivery(collect, deliver)
        solver.Add(model.VehicleVar(collect) == model.VehicleVar(deliver))
        solver.Add(time.CumulVar(collect) <= time.CumulVar(deliver))
        placed, ready = float(request["placed_s"]), float(request["ready_s"])
        opens = max(placed, ready - float(request["shop_s"]))
        time.CumulVar(collect).SetMin(round(opens))
        time.SetCumulVarSoftUpperBound(deliver, round(placed), WEIGHT[request["urgency"]])
        model.AddDisjunction([collect, deliver], LEFT_OVER, 2)
    for r, runner in enumerate(day.runners):
        time.CumulVar(model.Start(r)).SetRange(round(float(runner["on_s"])), DAY_S)
        time.CumulVar(model.End(r)).SetMax(round(float(runner["off_s"])) + OVERTIME_S)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = seconds
    model.CloseModelWithParameters(parameters)
    routes = [day.routes.get(runner["runner"], []) for runner in day.runners]
    first = model.ReadAssignmentFromRoutes([[manager.NodeToIndex(n) for n in route] for route in routes], True)
    found = model.SolveFromAssignmentWithParameters(first, parameters) if first else model.SolveWithParameters(parameters)
    if not found:
        raise SystemExit("the solver found no schedule; give it more seconds")
    total, served = 0, 0
    for n, request in enumerate(day.requests):
        deliver = manager.NodeToIndex(2 * n + 1)
        if found.Value(model.NextVar(deliver)) != deliver:
            served += 1
            wait = found.Min(time.CumulVar(deliver)) + float(request["door_s"]) - float(request["placed_s"])
            total += WEIGHT[request["urgency"]] * wait
    return total, served, bool(first)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("trace", type=Path)
    arguments.add_argument("schedule", type=Path)
    arguments.add_argument("--seconds", type=int, default=600)
    given = arguments.parse_args()
    day = Day(given.trace, given.schedule)
    ours, weights, delivered = day.ours()
    best, served, warm = solve(day, given.seconds)
    print(f"ours:           {ours / weights / 60:7.2f} min weighted mean, {delivered} delivered")
    print(f"full knowledge: {best / weights / 60:7.2f} min weighted mean, {served} delivered, started from ours: {warm}")
    print(f"ratio:          {ours / best:7.3f}")


if __name__ == "__main__":
    main()
