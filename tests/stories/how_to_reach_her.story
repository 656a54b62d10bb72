# The channel that suits the customer.
#
# Ana answers e-mails and lets the phone ring: what is owed to her goes out by e-mail. Then she says
# that she would rather be called: from that moment it goes by phone. What she refuses is never named.
# (the_channel_that_suits.story has the counts of row 000-11.)

2024-05-02 09:00  ana  OutreachMade      outreach=O1 purpose=NOTE channel=EMAIL
2024-05-02 18:00  ana  OutreachAnswered  outreach=O1 purpose=NOTE answer=YES channel=EMAIL
2024-05-03 09:00  ana  OutreachMade      outreach=O2 purpose=UPDATE channel=EMAIL
2024-05-03 18:00  ana  OutreachAnswered  outreach=O2 purpose=UPDATE answer=OTHER channel=EMAIL
2024-05-06 09:00  ana  OutreachMade      outreach=O3 purpose=ASSIST channel=EMAIL
2024-05-06 18:00  ana  OutreachAnswered  outreach=O3 purpose=ASSIST answer=YES channel=EMAIL
2024-05-07 09:00  ana  OutreachMade      outreach=O4 purpose=CHECK channel=PHONE reached=no
  => touched EMAIL 6, PHONE 1
2024-05-08 10:00  ana  ComplaintRaised   case=C1 severity=2
  => owed complaint_acknowledge through EMAIL, owed complaint_resolve through EMAIL
2024-05-08 11:00  ana  PreferenceRecorded  key=channel value=PHONE
  => prefers channel PHONE
  => owed complaint_acknowledge through PHONE, owed complaint_resolve through PHONE
as of 2024-05-08 10:30
  => owed complaint_acknowledge through EMAIL
2024-05-08 12:00  ana  ConsentChanged    key=PHONE granted=no
  => owed complaint_acknowledge through EMAIL, not owed complaint_resolve through PHONE
