# How to walk to the next stop.
way-told = 路线示意图：{ $steps }
way-walk = 往{ $wind }走，直线约 { $far }
way-gate = 进{ $compound }的大门
way-place = 到{ $name }
way-floor = 到{ $block }，上 { $n } 楼
way-floor-lift = 到{ $block }，上 { $n } 楼，有电梯
way-floor-stairs = 到{ $block }，走楼梯上 { $n } 楼
wind-n = 北
wind-ne = 东北
wind-e = 东
wind-se = 东南
wind-s = 南
wind-sw = 西南
wind-w = 西
wind-nw = 西北
