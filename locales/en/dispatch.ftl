dispatch-title = Dispatch
dispatch-learned = What it has learned
dispatch-learned-help = With how often each was seen. Volunteers never see each other's.
dispatch-learned-none = Nothing yet; the usual figures hold until then.
dispatch-col-who = Who
dispatch-col-what = What
dispatch-told = { $what }: { $value } (seen { $n ->
    [one] once
   *[other] { $n } times
})
dispatch-col-seen = Last
dispatch-share = { $n } %
dispatch-speed = { $n } m/s
dispatch-hour = { $n }:00
habit-accepts = says yes when asked
habit-answers_s = time to answer
habit-counter_s = time at the counter
habit-speed_mps = walking speed
dispatch-dials = Dials
dispatch-pressure-times = Pressure { $n }×
dispatch-pressure-low = Quiet: everybody sets out at once
dispatch-pressure-mid = Busy: trips take several errands along
dispatch-pressure-high = Very busy: every trip leaves full
dispatch-patience = How long errands that can wait are held to fill a trip
dispatch-patience-none = Not at all
dispatch-patience-min = { $n ->
    [one] 1 minute at most
   *[other] { $n } minutes at most
}
dispatch-patience-help = Volunteers walk less, residents wait a little longer. What is urgent never waits.
dispatch-bags = Bags one person carries
dispatch-cart-bags = Bags with a cart
dispatch-trained-only = Medicine goes to trained volunteers only
dispatch-turn = Set
notice-dials = Done. It holds from the next errand on.
notice-dials_wrong = Not changed: holding is 0 to 20 minutes, bags are 1 to 50.
