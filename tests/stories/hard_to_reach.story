# Somebody cannot be reached by phone.
#
# After one failed call it is tried again the next day. After two, the next step is a voice message that
# asks to speak; after that a visit to the office at a set time, which is agreed and due. Reaching her
# closes all. Ben calls back himself. Nobody tries Cora again, and after two weeks it is too late.
covers: 004-28
rules: standard + care

2024-06-03 10:00  ana   OutreachMade  outreach=O1 purpose=CHECK channel=PHONE reached=no
  => pending reach_again opened 2024-06-03 10:00 from 2024-06-04 10:00 by 2024-06-06 10:00 until 2024-06-17 10:00 carrying RUNG "call once more" because OutreachMade O1
2024-06-03 10:00  ben   OutreachMade  outreach=O2 purpose=CHECK channel=PHONE reached=no
2024-06-03 10:00  cora  OutreachMade  outreach=O3 purpose=CHECK channel=PHONE reached=no
2024-06-03 10:00  dora  OutreachMade  outreach=O4 purpose=NEWSLETTER channel=EMAIL reached=no
  => no follow-up reach_again
2024-06-03 10:00  eve   OutreachMade  outreach=O8 purpose=CHECK channel=PHONE
  => no follow-up reach_again
at 2024-06-04 09:59
  => ana: pending reach_again
at 2024-06-04 10:00
  => ana: due reach_again carrying RUNG "call once more"
2024-06-04 11:00  ana   OutreachMade  outreach=O5 purpose=CHECK channel=PHONE reached=no
  => due reach_again by 2024-06-06 10:00 carrying 1 OutreachMade O1 carrying 1 OutreachMade O5 carrying RUNG "leave a voice message that asks to speak" because OutreachMade O1
  => no follow-up reach_again because OutreachMade O5
2024-06-05 10:00  ana   OutreachMade  outreach=O6 purpose=CHECK channel=VOICEMAIL
  => due reach_again by 2024-06-06 10:00 carrying RUNG "visit the office at a set time"
2024-06-05 10:30  ana   PromiseMade   promise=visit due_from=2024-06-07T14:00 due_at=2024-06-07T15:00
  => pending promise for visit from 2024-06-07 14:00 by 2024-06-07 15:00
at 2024-06-06 09:59
  => ana: due reach_again
at 2024-06-06 10:00
  => ana: overdue reach_again carrying RUNG "visit the office at a set time"
2024-06-06 12:00  ben   EnquiryMade   request=Q1
  => done reach_again with EnquiryMade Q1
at 2024-06-07 14:00
  => ana: due promise for visit
2024-06-07 14:30  ana   OutreachMade  outreach=O7 purpose=CHECK channel=IN_PERSON
  => done reach_again with OutreachMade O7
2024-06-07 14:31  ana   PromiseKept   promise=visit
  => done promise for visit with PromiseKept visit
  => not owed reach_again
at 2024-06-17 09:59
  => cora: overdue reach_again
at 2024-06-17 10:00
  => cora: expired reach_again until 2024-06-17 10:00
