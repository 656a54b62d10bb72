# Whoever buys the basic one is offered more, at a discount, while the service is delivered.
#
# The offer is made within a week, but not while a complaint is open. It names its discount and until
# when it holds; Ana takes it, and her purchase names the offer. Ben is offered nothing in time.
# (The row on up-selling also asks for the offers that are open, and for a report.)
rules: standard + care

2024-06-03 10:00  ana  PurchaseMade       order=A1 amount=120.00EUR subject=basic initiator=VENDOR
  => due upsell to sales opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-10 10:00 until 2024-07-03 10:00 carrying LAST_PURCHASE A1 because PurchaseMade A1
2024-06-03 10:00  ben  PurchaseMade       order=B1 amount=120.00EUR subject=basic initiator=VENDOR
2024-06-03 10:00  cora PurchaseMade       order=C1 amount=120.00EUR subject=plus initiator=VENDOR
  => no follow-up upsell
2024-06-04 10:00  ana  ComplaintRaised    case=K1 severity=1
  => suppressed upsell by OPEN_CASE
2024-06-04 15:00  ana  ComplaintResolved  case=K1 remedy=repair
  => due upsell
2024-06-04 16:00  ana  OutreachMade       outreach=O1 purpose=CROSS_SELL channel=EMAIL
  => due upsell
2024-06-05 10:00  ana  OfferMade          offer=F1 form=UPSELL product=plus discount=15% valid_until=2024-06-30
  => done upsell with OfferMade F1
  => timeline shows OfferMade F1 form=UPSELL product=plus discount=15% valid_until=2024-06-30
2024-06-06 10:00  ana  OfferAnswered      offer=F1 accepted=yes
2024-06-06 10:05  ana  PurchaseMade       order=A2 amount=80.00EUR subject=plus offer=F1
  => timeline shows OfferAnswered F1 accepted=yes, timeline shows PurchaseMade A2 offer=F1
  => done upsell with OfferMade F1
at 2024-06-10 09:59
  => ben: due upsell
at 2024-06-10 10:00
  => ben: overdue upsell
at 2024-07-03 09:59
  => ben: overdue upsell
at 2024-07-03 10:00
  => ben: expired upsell
