# Whoever buys the basic one is offered more, at a discount, while the service is delivered.
#
# The offer is made within a week, but not while a complaint is open. It names its discount and until
# when it holds; Ana takes it, and her purchase names the offer. Ben is offered nothing in time. Cora
# declines hers; Dave says nothing until it holds no longer. One of three was taken: 333 of 1000.
covers: 002-26
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
  => metric offers.open 1, offers.accepted 0, offers.lapsed 0
2024-06-05 11:00  cora OfferMade          offer=F2 form=UPSELL product=plus discount=15% valid_until=2024-06-30
2024-06-05 12:00  dave OfferMade          offer=F3 form=UPSELL product=plus discount=15% valid_until=2024-06-30
  => report offers UPSELL plus made 3 open 3 accepted 0 declined 0 lapsed 0 acceptance 0
2024-06-06 10:00  ana  OfferAnswered      offer=F1 accepted=yes
2024-06-06 10:05  ana  PurchaseMade       order=A2 amount=80.00EUR subject=plus offer=F1
  => timeline shows OfferAnswered F1 accepted=yes, timeline shows PurchaseMade A2 offer=F1
  => done upsell with OfferMade F1
  => metric offers.open 0, offers.accepted 1
  => insight offers UPSELL plus accepted 1 bought 1 value 80.00EUR because OfferAnswered F1
2024-06-07 10:00  cora OfferAnswered      offer=F2 accepted=no
  => metric offers.open 0, offers.declined 1, offers.accepted 0
at 2024-06-10 09:59
  => ben: due upsell
at 2024-06-10 10:00
  => ben: overdue upsell
at 2024-06-29 23:59
  => dave: metric offers.open 1, offers.lapsed 0
  => report offers UPSELL plus made 3 open 1 accepted 1 declined 1 lapsed 0
at 2024-06-30
  => dave: metric offers.open 0, offers.lapsed 1
  => report offers UPSELL plus made 3 open 0 accepted 1 declined 1 lapsed 1 bought 1 value 80.00EUR acceptance 333
at 2024-07-03 09:59
  => ben: overdue upsell
at 2024-07-03 10:00
  => ben: expired upsell
