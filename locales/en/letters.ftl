letter-hello = Hello { $name },
letter-sign = Paotui
letter-why = This letter was sent by the service; please do not answer it.
offer-letter-subject = A request near you is waiting for an answer
offer-letter-what = An errand to { $block }: { $category } ({ $urgency }).
offer-letter-lapses = { $n ->
    [one] Please answer within a minute, or we ask the next volunteer.
   *[other] Please answer within { $n } minutes, or we ask the next volunteer.
}
offer-letter-link = See it and answer
offer-letter-privacy = Door and telephone are shown once you have taken it.
delivered-letter-subject = Delivered: { $code }
delivered-letter-what = What you asked for (code { $code }) has been delivered.
delivered-letter-ask = Did it come, and is it right? Please tell us here:
delivered-letter-link = Tell us whether it came
