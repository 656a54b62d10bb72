# At a purchase, customers are reminded of what they get, in their own words.
#
# Ana told us what she needs before she bought: the reminder carries that need. Ben bought first, so
# there is nothing to remind him of. Cora has an objective that is not reached yet; Dora has reached
# hers before. The reminder, when it reaches Ana, is done.
covers: 002-35
rules: standard + care

2024-06-03 09:00  ana   NeedHeard         need=price form=NEED
2024-06-03 09:30  ana   NeedHeard         need=quiet-at-night form=NEED
2024-06-03 10:00  ana   PurchaseMade      order=A1 amount=300.00EUR initiator=VENDOR
  => due remind opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-06 10:00 until 2024-06-24 10:00 carrying NEED quiet-at-night because PurchaseMade A1
  => no follow-up remind carrying NEED price
2024-06-03 10:00  ben   PurchaseMade      order=B1 amount=300.00EUR initiator=VENDOR
2024-06-03 11:00  ben   NeedHeard         need=delivery form=NEED
  => no follow-up remind
2024-06-03 10:30  cora  ObjectiveSet      objective=two-shifts  logged 2024-06-03 12:00
2024-06-03 13:00  cora  PurchaseMade      order=C1 amount=300.00EUR objective=two-shifts initiator=VENDOR
  => due remind carrying OBJECTIVE two-shifts because PurchaseMade C1
2024-06-03 10:30  dora  ObjectiveSet      objective=two-shifts  logged 2024-06-03 14:00
2024-06-03 14:00  dora  ObjectiveReached  objective=two-shifts result=done
2024-06-03 15:00  dora  PurchaseMade      order=D1 amount=300.00EUR initiator=VENDOR
  => no follow-up remind
2024-06-03 16:00  ana   OutreachMade      outreach=O1 purpose=REINFORCE channel=VOICEMAIL
  => due remind
2024-06-03 17:00  ana   OutreachMade      outreach=O2 purpose=UPDATE channel=PHONE
  => due remind
at 2024-06-06 09:59
  => ana: due remind
at 2024-06-06 10:00
  => ana: overdue remind
2024-06-06 11:00  ana   OutreachMade      outreach=O3 purpose=REINFORCE channel=PHONE
  => done remind with OutreachMade O3
at 2024-06-24 12:59
  => cora: overdue remind
at 2024-06-24 13:00
  => cora: expired remind until 2024-06-24 13:00
