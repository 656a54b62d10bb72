# What follows a purchase depends on what the relationship is.
#
# Ana and Ben buy the same. Ana has spoken for us, Ben has not: she is invited to speak to others, he is
# shown what else there is. The name of the rule stands with each, and the purchase as its cause. When
# Ben speaks for us, too, he is dealt with as she is.
covers: 003-10
rules: standard + by_type

2024-06-03 09:00  ana  AdvocacyShown  advocacy=V1 form=REFERENCE
2024-06-03 10:00  ana  PurchaseMade   order=A1 amount=60.00EUR
  => type ADVOCACY because ADVOCACY and because AdvocacyShown V1
  => due invite_as_speaker by 2024-06-05 10:00 because PurchaseMade A1
  => no follow-up show_the_range
2024-06-03 10:00  ben  PurchaseMade   order=B1 amount=60.00EUR
  => type TRANSACTIONAL because TRANSACTIONAL and because PurchaseMade B1
  => due show_the_range by 2024-06-08 10:00 because PurchaseMade B1
  => no follow-up invite_as_speaker
2024-06-04 10:00  ben  AdvocacyShown  advocacy=V2 form=REFERENCE
  => type ADVOCACY
  => due invite_as_speaker because PurchaseMade B1
  => no follow-up show_the_range
