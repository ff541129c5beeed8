# The care inbox: what cannot go on by itself.

care-title = Needs a person
care-help = These cannot go on by themselves. Each has one next step that most likely helps; you decide.
care-list = To be decided, by time left
care-empty = Nothing needs a person just now.
care-count = { $n ->
    [0] nothing to decide
    [one] one to decide
   *[other] { $n } to decide
}
care-since = since
care-held = { $name } has the goods
care-holder = Has the goods
care-more = More
care-back = All that needs a person
care-next = Next step:
care-gone = Somebody has decided about this one, or it went on.
care-all = Everything about this request
care-why-other = Something else: open it to read
care-called = Rang them?
care-called-help = Written down with your name and the time. The request stays here until you decide.
care-called-send = Write it down
care-said = What was said
care-give = Give it to a volunteer
care-again = Send it again
care-again-help = It goes back to the queue and somebody is looked for. Correct the door first if it was wrong.
care-again-send = Back to the queue
care-settle = All is well
care-settle-send = Close it
care-urgency = How urgent
care-urgency-send = Change
care-reason-nobody_opened = Nobody opened the door
care-reason-no_shop_has_it = No open shop has it
care-reason-lies_at_gate = It lies at the gate to be fetched
care-reason-unanswered = The volunteer asks from the counter; no answer yet
suggestion-call = Ring the household
suggestion-knock = Go and knock
suggestion-knock-help = Nobody answers the telephone. Somebody goes there; then write down how things are and choose what happens.
suggestion-call-help = Ask how things are. Then write down what was said and choose what happens.
suggestion-correct_address = Correct the address
suggestion-correct_address-help = Ring and ask for the right building and door, correct them under “Send it again”, and send it.
suggestion-same_runner = { $name } goes on with it
suggestion-same_runner-help = The goods are with this volunteer. One press, and they go on to the door.
suggestion-bring_back = Ask { $name } for the goods
suggestion-bring_back-help = The volunteer still has the goods. Ring: bring them on, or bring them back. Then choose what happens.
suggestion-send_again = Look for another volunteer
suggestion-send_again-help = Nothing has been bought yet. One press, and it is back in the queue.
suggestion-ask_district = Ask the district or the doctor
suggestion-ask_district-help = No shop here has it. Ask the district for it, or the doctor for another medicine, and tell the household.
event-care_called = The desk rang the household
event-door_corrected = The desk corrected the address
event-urgency_red = The desk made it urgent
event-urgency_yellow = The desk set it to “today”
event-urgency_green = The desk set it to “not urgent”
notice-decided = Done. It is off this list.
notice-care_called = Written down

# What would help those who wait.
need-title = What would help
need-before = { $need }, before { $time }
need-frees = { $n ->
    [one] one request waits for this
   *[other] { $n } requests wait for this
}
need-runners = { $n ->
    [one] One more volunteer
   *[other] { $n } more volunteers
}
need-trained = { $n ->
    [one] One volunteer trained for medicine
   *[other] { $n } volunteers trained for medicine
}
need-inside = { $n ->
    [one] One volunteer who lives behind the seal
   *[other] { $n } volunteers who live behind the seal
}
need-cart = { $n ->
    [one] One volunteer with a cart
   *[other] { $n } volunteers with a cart
}
need-by_hand = Ask somebody in person: all who were asked said no
need-positions = Ask those on duty to open their page, so that we know where they are
need-ring_shop = Ring the shops: will one open?
need-district = No shop has it: ask the district, or the doctor

# Stepping in.
watch-for-collect = { $name } has fetched it
watch-for-help = When the volunteer told you so and cannot press it: it is written down with your name.
watch-for-send = Write it down for them
notice-urgency_set = Changed
notice-acted_for = Written down for the volunteer

# Who did what, and who looked.
audit-title = Audit
audit-help = What each account did, and whose personal data it read.
audit-list = Latest first
audit-who = Account
audit-request = Request
audit-from = From
audit-to = Until
audit-go = Show
audit-none = Nothing was found.
audit-wrong = A time could not be read; everything is shown. Write it like 2022-11-23T00:00:00Z.
audit-at = When
audit-what = What
audit-why = Why
audit-older = Older ones
audit-looked_request = Read a request’s contact
audit-looked_home = Read a home’s card
audit-looked_volunteer = Read a volunteer’s offer
