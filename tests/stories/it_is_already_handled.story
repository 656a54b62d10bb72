# It is already handled: one call tells of all that was done for an order.
#
# The paperwork is done, the attorney called, the shipment verified: three steps and one call, due a day
# after the first. A voice message does not do. The call reaches Ana, and with it the other order's is
# done, too. The fourth step later asks for a call of its own.
covers: 004-25

2024-06-03 09:00  ana  FulfilmentStepDone  order=A1 step=paperwork
  => due reassure for A1 opened 2024-06-03 09:00 from 2024-06-03 09:00 by 2024-06-04 09:00 until 2024-06-17 09:00 carrying 1 FulfilmentStepDone A1
2024-06-03 11:00  ana  FulfilmentStepDone  order=A1 step=attorney-called
  => due reassure carrying 2 FulfilmentStepDone A1
2024-06-03 15:00  ana  FulfilmentStepDone  order=A1 step=shipment-verified
  => due reassure for A1 opened 2024-06-03 09:00 by 2024-06-04 09:00 carrying 3 FulfilmentStepDone A1 because FulfilmentStepDone A1 first
  => no follow-up reassure opened 2024-06-03 11:00, no follow-up reassure opened 2024-06-03 15:00
  => timeline shows FulfilmentStepDone A1 step=paperwork, timeline shows FulfilmentStepDone A1 step=attorney-called
  => timeline shows FulfilmentStepDone A1 step=shipment-verified
2024-06-03 16:00  ana  FulfilmentStepDone  order=A2 step=packed
  => due reassure for A1 carrying 3 FulfilmentStepDone A1
  => due reassure for A2 opened 2024-06-03 16:00 by 2024-06-04 16:00 carrying 1 FulfilmentStepDone A2
2024-06-03 17:00  ana  OutreachMade        outreach=O1 purpose=REASSURE channel=VOICEMAIL
  => due reassure for A1
2024-06-03 18:00  ana  OutreachMade        outreach=O2 purpose=CHECK channel=PHONE
  => due reassure for A1
at 2024-06-04 08:59
  => due reassure for A1
at 2024-06-04 09:00
  => overdue reassure for A1, due reassure for A2
2024-06-04 10:00  ana  OutreachMade        outreach=O3 purpose=REASSURE channel=PHONE
  => done reassure for A1 carrying 3 FulfilmentStepDone A1 with OutreachMade O3
  => done reassure for A2 with OutreachMade O3
2024-06-05 09:00  ana  FulfilmentStepDone  order=A1 step=delivered
  => due reassure for A1 opened 2024-06-05 09:00 by 2024-06-06 09:00 until 2024-06-19 09:00 carrying 1 FulfilmentStepDone A1 because FulfilmentStepDone A1 last
  => done reassure for A1 opened 2024-06-03 09:00 carrying 3 FulfilmentStepDone A1 with OutreachMade O3
at 2024-06-19 08:59
  => overdue reassure for A1
at 2024-06-19 09:00
  => expired reassure for A1 opened 2024-06-05 09:00
