# Whoever has just said yes is asked first.
#
# The first order came about by our own call: the asks for a recommendation, for a preferred channel
# and for an opinion wait their turn. Then Ana orders of her own accord: for three days these asks
# stand first. A complaint puts them to rest.
covers: 002-24
rules: standard + care

2024-05-06 10:00  ana  PurchaseMade       order=A1 amount=20.00EUR initiator=VENDOR
  => follow-up lead_ask priority 7, follow-up preference priority 8, follow-up feedback_ask priority 6
  => no follow-up lead_ask priority 0
2024-05-08 10:00  ana  PurchaseMade       order=A2 amount=35.00EUR initiator=CUSTOMER
  => follow-up lead_ask priority 0, follow-up preference priority 0, follow-up feedback_ask priority 0
2024-05-09 10:00  ana  ComplaintRaised    case=C1 severity=1
  => suppressed lead_ask by OPEN_CASE, suppressed preference by OPEN_CASE
  => suppressed feedback_ask by OPEN_CASE
2024-05-09 15:00  ana  ComplaintResolved  case=C1 remedy=apology
  => no follow-up lead_ask priority 7, no follow-up preference priority 8
at 2024-05-11 09:59
  => follow-up lead_ask priority 0, follow-up preference priority 0, follow-up feedback_ask priority 0
at 2024-05-11 10:00
  => follow-up lead_ask priority 7, follow-up preference priority 8, follow-up feedback_ask priority 6
