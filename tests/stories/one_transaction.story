# One purchase, written down in full, published twice.
#
# Everything that is known of the purchase is shown again in the timeline, and its amount is kept to
# the cent. The till sends it a second time after a failure of the line, stamped a little later: it
# counts once.
covers: 000-01

2024-06-03 11:20  ana  PurchaseMade  id=till-7/4711 order=A1 amount=42.35EUR channel=IN_PERSON place=harbour-street item=cup:2:30.35EUR item=tea:1.5:12.00EUR duration=90s actor=dora role=SALES
  => purchase days 1, counted PurchaseMade 1, spent 42.35EUR
  => timeline shows PurchaseMade A1 amount=42.35EUR item=cup:2:30.35EUR item=tea:1.5:12.00EUR
  => timeline shows PurchaseMade A1 channel=IN_PERSON place=harbour-street duration=90s actor=dora
  => timeline shows PurchaseMade A1 role=SALES id=till-7/4711
  => remember loyalty as once
2024-06-03 11:25  ana  PurchaseMade  id=till-7/4711 order=A1 amount=42.35EUR channel=IN_PERSON place=harbour-street item=cup:2:30.35EUR item=tea:1.5:12.00EUR duration=90s actor=dora role=SALES
  => duplicate
  => purchase days 1, counted PurchaseMade 1, spent 42.35EUR
  => timeline has 1 entries
  => loyalty = once
# Another amount under the same id is no copy: the first stands, the second waits in quarantine.
2024-06-03 11:30  ana  PurchaseMade  id=till-7/4711 order=A1 amount=99.00EUR channel=IN_PERSON
  => refused EVENT_ID_CONFLICT
  => spent 42.35EUR
# And an amount without a currency is none.
2024-06-03 11:35  ana  PurchaseMade  order=A2 amount=12.00
  => refused FIELD_INVALID amount.currency
  => flag INCOMPLETE, purchase days 1
