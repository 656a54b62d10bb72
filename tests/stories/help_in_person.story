# Personal assistance: in person, by e-mail, from the call center.
#
# During the sale and after it somebody helps. The way of service is personal, though one contact came
# by another way; channel and phase of each contact are shown.
covers: 004-09

2024-05-02 10:00  ana  OutreachMade      outreach=O1 purpose=ASSIST channel=IN_PERSON phase=AT
  => mode PERSONAL
2024-05-02 10:30  ana  PurchaseMade      order=A1 amount=300.00EUR channel=IN_PERSON phase=AT
2024-05-03 09:00  ana  SupportRequested  request=Q1 channel=EMAIL phase=AFTER_PURCHASE
2024-05-03 12:00  ana  QuestionAnswered  request=Q1 channel=EMAIL phase=AFTER_PURCHASE
2024-05-08 09:00  ana  OutreachMade      outreach=O2 purpose=ASSIST channel=OTHER channel_name=fax phase=AFTER_PURCHASE
2024-05-20 09:00  ana  OutreachMade      outreach=O3 purpose=CHECK channel=CALL_CENTER phase=AFTER_RECEIPT
  => mode PERSONAL
  => timeline shows OutreachMade O1 channel=IN_PERSON phase=AT
  => timeline shows SupportRequested Q1 channel=EMAIL phase=AFTER_PURCHASE
  => timeline shows QuestionAnswered Q1 channel=EMAIL phase=AFTER_PURCHASE
  => timeline shows OutreachMade O2 channel=OTHER channel_name=fax phase=AFTER_PURCHASE
  => timeline shows OutreachMade O3 channel=CALL_CENTER phase=AFTER_RECEIPT
  => touched IN_PERSON 2, EMAIL 2, OTHER 1, CALL_CENTER 1
