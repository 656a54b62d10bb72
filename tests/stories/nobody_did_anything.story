# What nobody does is worth nothing after a while, and then it says so.
#
# Ana buys a machine, recommends us, is met somewhere and has a birthday, and nothing happens. One after
# the other what was owed to her is due, overdue, and expires. A month later it is forgotten.
rules: standard + care

2024-06-03 10:00  ana   PurchaseMade    order=A1 amount=699.00EUR subject=machine initiator=VENDOR
  => due thank_you opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-04 10:00 until 2024-06-17 10:00
  => due lead_ask opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-10 10:00 until 2024-06-10 10:00
  => due training opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-10 10:00 until 2024-07-03 10:00 carrying LAST_PURCHASE A1
  => pending second_purchase opened 2024-06-03 from 2024-07-30 by 2024-08-06 until 2024-12-02 carrying LAST_PURCHASE A1
2024-06-03 10:00  ben   EncounterNoted  encounter=K1 place=fair
  => due note opened 2024-06-03 10:00 from 2024-06-03 10:00 by 2024-06-05 10:00 until 2024-07-03 10:00 because EncounterNoted K1
2024-06-03 10:00  acme  AccountManagerAssigned agent=paula key_account=yes
2024-06-03 11:00  acme  EnquiryMade     request=Q1
  => due key_enquiry opened 2024-06-03 11:00 from 2024-06-03 11:00 by 2024-06-04 11:00 until 2024-07-03 11:00
2024-06-03 12:00  ana   DateRecorded    key=birthday month=6 day=20
at 2024-06-04 09:59
  => ana: due thank_you
at 2024-06-04 10:00
  => ana: overdue thank_you
at 2024-06-04 10:59
  => acme: due key_enquiry
at 2024-06-04 11:00
  => acme: overdue key_enquiry
at 2024-06-05 09:59
  => ben: due note
at 2024-06-05 10:00
  => ben: overdue note
at 2024-06-10 09:59
  => ana: due lead_ask, due training
at 2024-06-10 10:00
  => ana: expired lead_ask, overdue training
at 2024-06-12 23:59
  => ana: not owed greeting
at 2024-06-13
  => ana: due greeting for birthday opened 2024-06-13 from 2024-06-13 by 2024-06-21 until 2024-06-28 because date birthday
at 2024-06-17 09:59
  => ana: overdue thank_you
at 2024-06-17 10:00
  => ana: expired thank_you
at 2024-06-20 23:59
  => ana: due greeting
at 2024-06-21
  => ana: overdue greeting
at 2024-06-27 23:59
  => ana: overdue greeting
at 2024-06-28
  => ana: expired greeting
at 2024-07-03 09:59
  => ana: overdue training
  => ben: overdue note
at 2024-07-03 10:00
  => ana: expired training
  => ben: expired note
at 2024-07-03 10:59
  => acme: overdue key_enquiry
at 2024-07-03 11:00
  => acme: expired key_enquiry
at 2024-07-17 09:59
  => ana: expired thank_you
at 2024-07-17 10:00
  => ana: no follow-up thank_you
at 2024-07-29 23:59
  => ana: pending second_purchase
at 2024-07-30
  => ana: due second_purchase
at 2024-08-05 23:59
  => ana: due second_purchase
at 2024-08-06
  => ana: overdue second_purchase
at 2024-12-01 23:59
  => ana: overdue second_purchase
at 2024-12-02
  => ana: expired second_purchase until 2024-12-02
