# All of a sudden the customer needs something else, and leaves; some come back.
#
# Whoever it is, the relationship is over at that moment: of Una, who had only heard of us, of Eve, who
# was trying, of Ana, who was buying more, and of Cora, who was committed. Within three days each is asked
# back, once. Una buys later, and so does Cora: they are out of it, and count as won back for half a
# year. Eve answers. Ana's asking back rests while a complaint is open; later it is too late.
covers: 004-19

2024-01-08 09:00  cora  PurchaseMade        order=C1 amount=60.00EUR
2024-02-08 09:00  cora  PurchaseMade        order=C2 amount=60.00EUR
2024-03-08 09:00  cora  PurchaseMade        order=C3 amount=60.00EUR
2024-04-08 09:00  ana   PurchaseMade        order=A1 amount=60.00EUR
2024-04-08 09:00  cora  PurchaseMade        order=C4 amount=60.00EUR
2024-05-08 09:00  ana   PurchaseMade        order=A2 amount=60.00EUR
2024-05-08 09:00  cora  PurchaseMade        order=C5 amount=60.00EUR
2024-06-01 09:00  una   AwarenessShown      form=READ
2024-06-01 09:00  eve   EnquiryMade         request=Q1
2024-06-02 09:00  una   RequirementChanged  what=bigger-machines
  => stage AWARENESS, flag LOOKING_AROUND
2024-06-02 09:00  eve   RequirementChanged  what=bigger-machines
  => stage EXPLORATION, flag LOOKING_AROUND
2024-06-02 09:00  ana   RequirementChanged  what=bigger-machines
  => stage EXPANSION, flag LOOKING_AROUND
2024-06-02 09:00  cora  RequirementChanged  what=bigger-machines
  => stage COMMITMENT, flag LOOKING_AROUND, no follow-up win_back
2024-06-03 12:00  una   RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
  => due win_back to sales opened 2024-06-03 from 2024-06-03 by 2024-06-06 until 2024-09-01 because ENDED
2024-06-03 12:00  eve   RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
  => due win_back because ENDED
2024-06-03 12:00  ana   RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
  => due win_back because ENDED
2024-06-03 12:00  cora  RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
  => due win_back because ENDED
as of 2024-06-03 11:59:59
  => una: stage AWARENESS
  => eve: stage EXPLORATION
  => ana: stage EXPANSION
  => cora: stage COMMITMENT
2024-06-04 09:00  ana   ComplaintRaised     case=K1 severity=1
  => suppressed win_back by OPEN_CASE
2024-06-04 10:00  cora  OutreachMade        outreach=O1 purpose=CHECK channel=PHONE
  => due win_back
2024-06-05 10:00  ana   ComplaintResolved   case=K1 remedy=apology
  => due win_back
at 2024-06-05 23:59
  => cora: due win_back
at 2024-06-06
  => cora: overdue win_back
2024-06-06 10:00  cora  OutreachMade        outreach=O2 purpose=WIN_BACK channel=PHONE
  => done win_back with OutreachMade O2
2024-06-07 10:00  eve   OutreachAnswered    outreach=O3 purpose=WIN_BACK answer=NO
  => done win_back with OutreachAnswered O3
  => stage DISSOLUTION
2024-07-01 10:00  una   PurchaseMade        order=U1 amount=60.00EUR
  => stage EXPLORATION because S7, flag WON_BACK because PurchaseMade U1
  => no follow-up win_back
2024-07-01 10:00  cora  PurchaseMade        order=C6 amount=60.00EUR
  => not stage DISSOLUTION, flag WON_BACK because PurchaseMade C6, no follow-up win_back
at 2024-08-31 23:59
  => ana: overdue win_back
at 2024-09-01
  => ana: expired win_back until 2024-09-01
at 2024-12-30
  => una: flag WON_BACK
  => cora: flag WON_BACK
at 2024-12-31
  => una: no flag WON_BACK
  => cora: no flag WON_BACK
