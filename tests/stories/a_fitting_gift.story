# A gift that fits: to what we stand for, to what the customer does, to what was bought last.
#
# Whoever buys what the rules mark is given something, within a week. The follow-up carries the theme of
# the company, the customer's business, the last purchase and what it may cost; after another purchase it
# carries that one. The gift is in the timeline with its cost and earns no points. A cup asks for no
# gift, and Dora wants to hear nothing from us.
covers: 002-25, 004-30
rules: standard + care

2024-06-03 10:00  ana   PreferenceRecorded  key=business value=bakery
2024-06-03 11:00  ana   PurchaseMade        order=A1 amount=900.00EUR subject=premium initiator=VENDOR
  => due gift opened 2024-06-03 11:00 from 2024-06-03 11:00 by 2024-06-10 11:00 until 2024-07-03 11:00 because PurchaseMade A1
  => due gift carrying LAST_PURCHASE A1 carrying preference.business bakery carrying limit "30 EUR" carrying theme "something with our name that is of use at their work"
2024-06-03 11:00  ben   PurchaseMade        order=B1 amount=9.00EUR subject=cup initiator=VENDOR
  => no follow-up gift
2024-06-03 11:00  cora  PurchaseMade        order=C1 amount=900.00EUR subject=premium initiator=VENDOR
  => due gift carrying LAST_PURCHASE C1 carrying limit "30 EUR"
  => no follow-up gift carrying preference.business bakery
2024-06-03 11:00  dora  PurchaseMade        order=D1 amount=900.00EUR subject=premium initiator=VENDOR
  => due gift
2024-06-03 12:00  dora  ConsentChanged      key=all granted=no
  => suppressed gift by OPTED_OUT
2024-06-05 11:00  ana   PurchaseMade        order=A2 amount=15.00EUR subject=cup initiator=VENDOR
  => due gift carrying LAST_PURCHASE A2 carrying preference.business bakery because PurchaseMade A1
  => no follow-up gift carrying LAST_PURCHASE A1
  => no follow-up gift because PurchaseMade A2
  => remember loyalty as bought
2024-06-05 12:00  ana   TrainingGiven       training=T1 topic=baking
  => due gift
2024-06-05 16:00  ana   GiftGiven           gift=G1 occasion=purchase tie=BUSINESS cost=25.00EUR
  => done gift with GiftGiven G1
  => timeline shows GiftGiven G1 occasion=purchase tie=BUSINESS cost=25.00EUR
  => loyalty = bought
at 2024-06-10 10:59
  => cora: due gift
at 2024-06-10 11:00
  => cora: overdue gift
at 2024-07-03 10:59
  => cora: overdue gift
at 2024-07-03 11:00
  => cora: expired gift
  => dora: expired gift
