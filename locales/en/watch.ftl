watch-title = Overview
watch-at = Data of
watch-day = { $submitted } in, { $delivered } delivered today
watch-breach-late = { $n } late
watch-breach-care = { $n ->
    [one] 1 needs a person
   *[other] { $n } need a person
}
watch-breach-letters = { $n ->
    [one] 1 letter cannot be sent
   *[other] { $n } letters cannot be sent
}
watch-breach-act = See to it
watch-claim-p50 = To claim · median
watch-claim-p90 = To claim · 90th
watch-deliver = To deliver · median / 90th
watch-unclaimed = Nobody has it
watch-late = Late
watch-target = Target ≤ { $n } min
watch-too-few = Only { $n }, too few to tell
watch-oldest = Oldest { $span }
watch-oldest-none = Nobody is waiting
watch-on-time = { $share } on time
watch-on-time-none = None delivered yet
unit-min = min
unit-requests = open
watch-queue = Queue
watch-queue-help = By time left · { $n }
watch-queue-empty = Nothing to do right now.
watch-queue-none = Nothing fits.
watch-filter-state = State
watch-filter-urgency = Urgency
watch-filter-all = All
watch-filter-q = Code, building, item
watch-filter-go = Filter
watch-filter-clear = Show all
watch-col-left = Left
watch-col-request = Request
watch-col-to = To
watch-col-state = State
watch-col-act = Action
watch-col-runner = Volunteer
watch-col-load = In hand
watch-col-delivered = Today
watch-col-seen = Last seen
watch-open = Open
watch-runners = Volunteers
watch-runners-empty = No volunteers yet.
watch-runner-off = off duty
watch-runner-free = free
watch-runner-busy = busy
watch-duty = { $on } on duty · { $free } free
watch-load = { $carrying } carried · { $offered } asked
watch-letters = Mail: { $waiting } waiting, { $dead } cannot be sent
watch-back = Back to the queue
watch-contact = Contact and goods
watch-contact-help = Your look at this page has been noted.
watch-name = Name
watch-phone = Telephone
watch-patient = For
watch-note = Note
watch-submitted = Submitted
watch-deliver-by = Deliver by
watch-offers = Who was asked
watch-offers-empty = Nobody has been asked yet.
watch-assign = Assign
watch-assign-to = To
watch-assign-help = By load and distance, the best on top.
watch-assign-nobody = Nobody is on duty now.
watch-assign-send = Assign
watch-ranked-load = { $n } in hand
watch-release = Take back
watch-release-help = Take it from this volunteer and look for another.
watch-release-send = Take back
watch-cancel = Cancel the request
watch-cancel-help = Nobody goes then; the resident will see it.
watch-cancel-send = Cancel the request
watch-reason = Reason
watch-nothing-to-do = There is nothing for you to do here now.
watch-clock = Medicine at home
clock-doses-left = { $n ->
    [0] none left
    [one] 1 dose left
   *[other] { $n } doses left
}
clock-doses-a-day = { $n } a day
clock-next-dose = next dose { $time }
clock-runs-out = runs out { $time }
event-nobody = Nobody to send yet
watch-question = The shop has a question for the resident
watch-question-help = Telephone, ask, then press what they said. The volunteer sees it at once.
watch-legs = The way, leg by leg
watch-leg-to-gate = Leg { $n }: to the gate
watch-leg-from-gate = Leg { $n }: from the gate to the door
watch-leg-spent = took { $span }
