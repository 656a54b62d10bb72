# Keeping in touch never ends: a month after the last word it is time for the next.
#
# This business gets in touch every 30 days. On day 29 nothing is owed, on day 30 it is, and the last
# contact is the cause; nothing but time has passed. A voice message is no contact. A call that is
# taken is, and so is anything that comes from Ana: each begins the 30 days anew.
covers: 000-18
rules: standard + monthly

2024-03-01 10:00  ana  PurchaseMade  order=A1 amount=60.00EUR
2024-03-11 10:00  ana  PurchaseMade  order=A2 amount=60.00EUR
2024-04-01 10:00  ana  OutreachMade  outreach=O1 purpose=UPDATE channel=PHONE
at +29d
  => no follow-up cadence
at 2024-05-01 09:59
  => no follow-up cadence
at +30d
  => due cadence opened 2024-05-01 10:00 from 2024-05-01 10:00 by 2024-05-08 10:00 until 2024-05-31 10:00 because OutreachMade O1
2024-05-02 10:00  ana  OutreachMade  outreach=O2 purpose=CHECK channel=VOICEMAIL
  => due cadence because OutreachMade O1
2024-05-03 09:00  ana  OutreachMade  outreach=O3 purpose=CHECK channel=PHONE
  => no follow-up cadence
at 2024-06-02 08:59
  => no follow-up cadence
at 2024-06-02 09:00
  => due cadence opened 2024-06-02 09:00 because OutreachMade O3
2024-06-02 12:00  ana  EnquiryMade   request=Q1
  => no follow-up cadence
at 2024-07-02 11:59
  => no follow-up cadence
at 2024-07-02 12:00
  => due cadence opened 2024-07-02 12:00 because EnquiryMade Q1
