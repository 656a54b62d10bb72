# A preference is asked for after a purchase, and known the next time.
#
# Ana says right away when she wants her deliveries; that is known from then on, and nobody has to ask any
# more. Of two wishes the one she said later holds, also when the earlier one comes in last. Of Ben the
# channel is known, so he is not asked; Cora is not asked while her complaint is open, and later it is
# too late.
covers: 002-14
rules: standard + care

2024-06-01 10:00  ben   PreferenceRecorded  key=channel value=PHONE
2024-06-03 10:00  ana   PurchaseMade        order=A1 amount=60.00EUR initiator=VENDOR
  => due preference to service opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-10 10:00 until 2024-07-03 10:00 because PurchaseMade A1
2024-06-03 10:00  ben   PurchaseMade        order=B1 amount=60.00EUR initiator=VENDOR
  => no follow-up preference
2024-06-03 10:00  cora  PurchaseMade        order=C1 amount=60.00EUR initiator=VENDOR
2024-06-03 10:05  ana   PreferenceRecorded  key=delivery value=evenings
  => prefers delivery evenings
  => done preference with PreferenceRecorded delivery
2024-06-04 10:00  cora  ComplaintRaised     case=K1 severity=1
  => suppressed preference by OPEN_CASE
2024-06-08 10:00  cora  ComplaintResolved   case=K1 remedy=repair
  => due preference
at 2024-06-10 09:59
  => cora: due preference
at 2024-06-10 10:00
  => cora: overdue preference
2024-06-20 09:00  ana   PreferenceRecorded  key=delivery value=mornings
  => prefers delivery mornings
2024-06-12 09:00  ana   PreferenceRecorded  key=delivery value=afternoons  logged 2024-06-21 09:00
  => prefers delivery mornings, not prefers delivery afternoons
at 2024-07-03 09:59
  => cora: overdue preference
at 2024-07-03 10:00
  => cora: expired preference
