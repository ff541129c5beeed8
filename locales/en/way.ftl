# How to walk to the next stop.
way-told = Sketch of the way: { $steps }
way-walk = Walk { $wind }, about { $far } as the crow flies
way-gate = In by the gate of { $compound }
way-place = To { $name }
way-floor = To { $block }, floor { $n }
way-floor-lift = To { $block }, floor { $n }, by lift
way-floor-stairs = To { $block }, up the stairs to floor { $n }
wind-n = north
wind-ne = north-east
wind-e = east
wind-se = south-east
wind-s = south
wind-sw = south-west
wind-w = west
wind-nw = north-west
