# At a purchase the customer says what she would like next time.
#
# It is known from then on. Of two wishes the one said later counts, though it may arrive first. The
# question for a preference is answered by it.
# (The question is a policy of rules/care; row 002-14 is tagged when it is one of the standard rules.)
rules: standard + care

2024-03-04 10:00  ana  PurchaseMade        order=A1 amount=60.00EUR
  => owed preference because PurchaseMade A1
2024-03-04 10:05  ana  PreferenceRecorded  key=delivery value=evenings
  => prefers delivery evenings
  => done preference with PreferenceRecorded delivery
2024-03-06 10:00  ana  PreferenceRecorded  key=delivery value=mornings
  => prefers delivery mornings
# Said on the 5th, entered on the 7th.
2024-03-05 10:00  ana  PreferenceRecorded  key=delivery value=weekends  logged 2024-03-07 10:00
  => prefers delivery mornings
as of 2024-03-05 12:00
  => prefers delivery weekends
