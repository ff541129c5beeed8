stock-title = Ask the shops
stock-count = { $n } to ask at { $shops ->
    [one] 1 shop
   *[other] { $shops } shops
}
stock-empty = Nothing to ask right now. When somebody needs a medicine and no shop has told lately, it is listed here.
stock-open = Open
stock-closed = Outside its hours
stock-seems-shut = Reported shut just now
stock-no-phone = no telephone
stock-waiting = { $n ->
    [one] 1 errand waits
   *[other] { $n } errands wait
}, by { $time } at the latest
stock-last = Last told: { $found } ({ $time })
stock-links = Links for the shops
stock-links-help = Send it to the shop, so that they can press for themselves. No sign-in, and nothing about residents.
stock-links-empty = No pharmacy is known in this community yet.
answer-has = In stock
answer-none = None
answer-other_maker = Other maker
answer-shut = Shut
shop-title = Do you have it?
shop-help = Neighbours are waiting for these. One press tells us, and no volunteer walks in vain.
shop-empty = Nothing to ask you right now. Thank you.
shop-keep = Please bookmark this page: new questions appear here. The link is for your shop alone; please do not pass it on.
shop-shut = Somebody found your shop shut
shop-shut-help = If it is open again, press any other answer below.
