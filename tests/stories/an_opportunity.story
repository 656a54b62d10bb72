# Somebody sees a chance to sell, and notes it.
#
# It is for whoever the note names, within a day. Another chance that is closed does not settle it; its
# own closing does, and so does a purchase or an offer. A note taken back is as if it had never been.
# What nobody follows is worth nothing after 30 days.
covers: 000-08

2024-05-06 09:00  acme  OpportunityNoted  opportunity=O1 product=second-machine owner=ana
  => due sales_alert for O1 to sales assigned ana opened 2024-05-06 09:00 from 2024-05-06 09:00 by 2024-05-07 09:00 until 2024-06-05 09:00 because OpportunityNoted O1
at 2024-05-07 08:59
  => due sales_alert for O1
at 2024-05-07 09:00
  => overdue sales_alert for O1 assigned ana
2024-05-07 10:00  acme  OpportunityClosed  opportunity=O9 won=no
  => overdue sales_alert for O1
2024-05-07 11:00  acme  OpportunityClosed  opportunity=O1 won=yes
  => done sales_alert for O1 with OpportunityClosed O1
# Closed at 11:00, it is shown for 30 days.
at 2024-06-06 10:59
  => done sales_alert for O1
at 2024-06-06 11:00
  => no follow-up sales_alert

2024-06-10 09:00  bolt  OpportunityNoted  opportunity=O2 product=filters owner=ana
  => due sales_alert for O2 assigned ana because OpportunityNoted O2
2024-06-11 15:00  bolt  PurchaseMade      order=B1 amount=90.00EUR
  => done sales_alert for O2 with PurchaseMade B1

2024-06-12 09:00  cora  OpportunityNoted  opportunity=O3 product=filters id=note-of-cora
  => due sales_alert for O3
2024-06-12 10:00  cora  EventRetracted    target_event_id=note-of-cora
  => no follow-up sales_alert

2024-06-13 09:00  dora  OpportunityNoted  opportunity=O4 product=filters
at 2024-07-13 08:59
  => overdue sales_alert for O4
at 2024-07-13 09:00
  => expired sales_alert for O4 until 2024-07-13 09:00
at 2024-08-12 09:00
  => no follow-up sales_alert
