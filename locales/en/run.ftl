run-title = My errands
run-on = on duty
run-off = off duty
run-phase-fetch = Pick up
run-phase-bring = Deliver
run-phase-gate = Taking it to the gate
run-any-place = No shop given: buy where you can
run-no-place = Nothing to pick up
run-then-to = Then bring it to:
run-then-to-gate = Then to the gate, for:
run-patient = For:
run-call = Call
run-call-place = Call shop
run-way = Directions
run-from = From
run-to = to
run-bags = { $n ->
    [one] 1 bag
   *[other] { $n } bags
}
run-floors-lift = { $n } floors, lift
run-floors-stairs = { $n } floors, no lift
distance-m = { $n } m
distance-km = { $n } km
run-next = Next
run-collect = I have it
run-deliver = Delivered
run-hand-over = Left at the gate
run-gate-of = Gate of { $compound }
run-to-gate-of = the gate of { $block }
run-gate-fetch = Look for the bag marked { $code } where things are handed over.
run-gate-leave = This building is sealed, so the gate is far enough. Please write { $code } on the bag; a volunteer inside takes it to the door.
run-gate-for = For:
run-gate-in-person = They came and took it themselves
run-code = Code told by the resident
run-code-hint = Ask for it when you hand it over in person.
run-problem = Problem: no stock, nobody home, wrong address
run-problem-which = What went wrong?
run-fail = Tell the desk
run-hand-back-help = Nothing wrong, you just cannot do it? Hand it back and somebody else takes it.
run-hand-back = Hand it back
run-offer = Will you take this one?
run-why = Why you: { $why }
run-accept = I take it
run-decline = Not now
run-decline-why = Say why
run-decline-none = No reason
run-later = After that
run-off-title = You are off duty
run-off-help = On duty, you are asked when something is near. You may always say no.
run-go-on = Go on duty
run-go-off = Go off duty
run-go-off-help = Finish what you carry; what you have not taken goes to others.
run-empty = Nothing to do right now
run-empty-help = Errands appear here, please keep this page open. Or pick one below.
run-board = Open to anyone
run-board-empty = Everything is taken.
run-claim = I take it
run-quiet = We had no answer from you, so we leave you in peace for { $span }. You can still pick one below.
run-offer-add_on = Take this along on your way?
run-offer-divert = Urgent: will you bring this one first?
run-trip-facts = { $errands ->
    [one] 1 errand
   *[other] { $errands } errands
} · { $bags ->
    [one] 1 bag
   *[other] { $bags } bags
} · { $doors ->
    [one] 1 building
   *[other] { $doors } buildings
} · { $way } to walk
run-drop = Too much? Leave some out
run-drop-one = Not this one
run-board-later = Not yet: waiting for a shop to open
run-claim-trip = I take this trip
run-hand-back-all = Hand everything back
run-hand-back-all-help = You cannot go on? What you have not fetched goes to others; the desk takes over what you have bought.
run-until = Until when
run-until-open = I will see
run-until-hours = { $n ->
    [one] for 1 hour
   *[other] for { $n } hours
}
run-until-told = on duty until { $time }
run-step-collect = Pick up
run-step-deliver = Deliver
run-step-gate = To the gate
notice-handed_back_all = All handed back, thank you. The desk will call you about what you have bought.
