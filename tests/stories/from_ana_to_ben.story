# People do business with people: first with Ana, then with Ben.
#
# Five talks with Ana, one with Ben. Handed over to Ben, everything that is open is Ben's from that
# moment; asked about the day before, it is Ana's.
# The customer's people, the strongest tie first, are Ana and then Ben.
covers: 001-03

2024-01-08 09:00  acme  AccountManagerAssigned  agent=ana
2024-01-09 09:00  acme  MeetingHeld             meeting=M1 actor=ana
2024-01-16 09:00  acme  MeetingHeld             meeting=M2 actor=ana
2024-01-23 09:00  acme  MeetingHeld             meeting=M3 actor=ana
2024-01-30 09:00  acme  MeetingHeld             meeting=M4 actor=ana
2024-02-06 09:00  acme  MeetingHeld             meeting=M5 actor=ana
2024-02-13 09:00  acme  MeetingHeld             meeting=M6 actor=ben
2024-02-13 10:00  acme  EnquiryMade             request=Q1
2024-02-13 11:00  acme  ComplaintRaised         case=C1
  => owner ana, owed answer assigned ana, owed complaint_resolve assigned ana
2024-02-14 09:00  acme  AccountManagerAssigned  agent=ben
  => owner ben, owed answer assigned ben, owed complaint_resolve assigned ben
  => not owed answer assigned ana
  => insight people rows 2, insight people ana acme touches 5 meetings 5 rank 1 because MeetingHeld M1 and because MeetingHeld M5
  => insight people ben acme touches 1 meetings 1 rank 2 because MeetingHeld M6
  => timeline shows MeetingHeld M5 actor=ana, timeline shows MeetingHeld M6 actor=ben
as of 2024-02-13 12:00
  => owner ana, owed answer assigned ana, owed complaint_resolve assigned ana
