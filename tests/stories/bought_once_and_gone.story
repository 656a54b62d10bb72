# Who bought once and then was silent for more than half a year is asked back, too.
#
# On the 183rd day after the only purchase the relationship counts as over. Ana's asking back is done
# with a call, and it is not asked again. Ben has refused to be asked back. Cora was let go by us: nobody
# wants her back.

2024-01-10 10:00  ana   PurchaseMade       order=A1 amount=60.00EUR
2024-01-10 10:00  ben   PurchaseMade       order=B1 amount=60.00EUR
2024-01-10 10:00  cora  PurchaseMade       order=C1 amount=60.00EUR
2024-01-11 10:00  ben   ConsentChanged     key=WIN_BACK granted=no
2024-02-10 10:00  cora  RelationshipEnded  by=VENDOR reason=LOW_VOLUME
  => stage DISSOLUTION, no follow-up win_back
at 2024-07-10 23:59
  => ana: no follow-up win_back
at 2024-07-11
  => ana: due win_back opened 2024-07-11 by 2024-07-14 until 2024-10-09 because DORMANT
  => ben: no follow-up win_back
at 2024-07-12
  => ben: suppressed win_back by OPTED_OUT
at 2024-07-13 23:59
  => ana: due win_back
at 2024-07-14
  => ana: overdue win_back
2024-07-15 10:00  ana   OutreachMade       outreach=O1 purpose=WIN_BACK channel=PHONE
  => done win_back with OutreachMade O1
  => reason DORMANT
at 2024-08-14 09:59
  => ana: done win_back
at 2024-08-14 10:00
  => ana: no follow-up win_back, reason DORMANT
at 2024-10-08 23:59
  => cora: no follow-up win_back
