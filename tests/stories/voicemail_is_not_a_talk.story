# Voice messages lose the personal contact.
#
# Three voice messages and one talk are counted apart. A voice message does not settle a call that
# was owed, the talk does, and only what the customer answers is dialogue.
covers: 004-27

2024-05-02 09:00  ana  ComplaintRaised    case=C1 severity=2
2024-05-03 09:00  ana  ComplaintResolved  case=C1 remedy=repair
at 2024-05-07 09:00
  => owed aftercare by 2024-05-10 09:00
2024-05-07 10:00  ana  OutreachMade       outreach=O1 purpose=CHECK channel=VOICEMAIL
  => owed aftercare
2024-05-08 16:00  ana  OutreachMade       outreach=O2 purpose=CHECK channel=VOICEMAIL
2024-05-09 11:00  ana  OutreachMade       outreach=O3 purpose=CHECK channel=VOICEMAIL
  => owed aftercare
  => dialogue 0
2024-05-09 17:00  ana  OutreachMade       outreach=O4 purpose=CHECK channel=PHONE duration=6m
  => done aftercare with OutreachMade O4
  => touched VOICEMAIL 3, touched PHONE 1
2024-05-09 17:05  ana  OutreachAnswered   outreach=O4 purpose=CHECK answer=YES channel=PHONE
  => dialogue > 0 because OutreachAnswered O4
