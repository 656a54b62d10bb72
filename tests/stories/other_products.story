# Telling customers of other products: not against their will, and not too often.
#
# A quarter after the first purchase, the notice is due. While Ana refuses it, it rests; when she was
# contacted twice within a week, it rests, too, and says why. Sent, it is done: the next one is a
# quarter away. Her answer is kept. Ben is told nothing: after a month it is too late for this quarter.
# Cora has bought nothing yet: an offer is not followed by other products. To Dora it was mailed, and Eve
# had an offer: that is as good.
covers: 004-41

2024-01-10 09:00  ana  PurchaseMade      order=A1 amount=120.00EUR
2024-01-10 10:00  ben  PurchaseMade      order=B1 amount=120.00EUR
2024-01-10 10:30  dora PurchaseMade      order=D1 amount=120.00EUR
2024-01-10 10:30  eve  PurchaseMade      order=E1 amount=120.00EUR
2024-01-10 11:00  cora OfferMade         offer=F1 form=CROSS_SELL product=pot
2024-01-12 09:00  ana  PurchaseMade      order=A2 amount=30.00EUR
2024-01-13 09:00  ana  ConsentChanged    key=CROSS_SELL granted=no
at 2024-04-09 23:59
  => ben: no follow-up cross_sell
at 2024-04-10
  => ben: due cross_sell to sales opened 2024-04-10 from 2024-04-10 by 2024-04-24 until 2024-05-10 because first purchase
at 2024-04-10 09:00
  => ana: suppressed cross_sell by OPTED_OUT
2024-04-10 10:00  dora OutreachMade      outreach=O8 purpose=CROSS_SELL personal=no channel=EMAIL
  => no follow-up cross_sell
2024-04-10 10:00  eve  OfferMade         offer=F2 form=CROSS_SELL product=pot
  => no follow-up cross_sell
2024-04-11 09:00  ana  ConsentChanged    key=CROSS_SELL granted=yes
  => owed cross_sell opened 2024-04-10 00:00 by 2024-04-24 00:00 because first purchase
2024-04-12 09:00  ana  OutreachMade      outreach=O1 purpose=NEWSLETTER channel=EMAIL
2024-04-13 09:00  ana  OutreachMade      outreach=O2 purpose=CHECK channel=PHONE
  => suppressed cross_sell by BUDGET
at 2024-04-20 09:01
  => owed cross_sell
2024-04-20 10:00  ana  OutreachMade      outreach=O3 purpose=CROSS_SELL channel=EMAIL
  => no follow-up cross_sell
2024-04-21 08:00  ana  OutreachAnswered  outreach=O3 purpose=CROSS_SELL answer=NO
  => counted OutreachAnswered 1, timeline shows OutreachAnswered O3 answer=NO
  => cora: no follow-up cross_sell
at 2024-04-23 23:59
  => ben: due cross_sell
at 2024-04-24
  => ben: overdue cross_sell
at 2024-05-09 23:59
  => ben: overdue cross_sell
at 2024-05-10
  => ben: expired cross_sell
at 2024-07-20 09:59
  => no follow-up cross_sell
at 2024-07-20 10:00
  => follow-up cross_sell opened 2024-07-20 10:00 because OutreachMade O3
