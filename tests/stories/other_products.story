# Telling customers of other products: not against their will, and not too often.
#
# A quarter after buying, the notice is due. While Ana refuses it, it rests; when she was
# contacted twice within a week, it rests, too, and says why. Sent, it is done, and her answer is
# kept.
# (The notice is a policy of rules/sales and not of the standard rules yet, so there is no tag; when it
# is, this is row 004-41.)
rules: standard + sales

2024-01-10 09:00  ana  PurchaseMade      order=A1 amount=120.00EUR
2024-01-12 09:00  ana  PurchaseMade      order=A2 amount=30.00EUR
2024-01-13 09:00  ana  ConsentChanged    key=CROSS_SELL granted=no
at 2024-04-10 09:00
  => suppressed cross_sell by OPTED_OUT
2024-04-11 09:00  ana  ConsentChanged    key=CROSS_SELL granted=yes
  => owed cross_sell by 2024-04-24 09:00 because PurchaseMade A1
2024-04-12 09:00  ana  OutreachMade      outreach=O1 purpose=NEWSLETTER channel=EMAIL
  => owed cross_sell
2024-04-13 09:00  ana  OutreachMade      outreach=O2 purpose=CHECK channel=PHONE
  => suppressed cross_sell by BUDGET
at 2024-04-19 09:00
  => owed cross_sell
2024-04-19 10:00  ana  OutreachMade      outreach=O3 purpose=CROSS_SELL channel=EMAIL
  => done cross_sell with OutreachMade O3
2024-04-20 08:00  ana  OutreachAnswered  outreach=O3 purpose=CROSS_SELL answer=NO
  => counted OutreachAnswered 1, timeline shows OutreachAnswered O3 answer=NO
  => done cross_sell with OutreachMade O3
