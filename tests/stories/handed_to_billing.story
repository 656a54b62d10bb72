# The complaint goes to those who can resolve it.
#
# Handed over to billing, it stands in billing's list and no longer in service's. When billing does
# not take it over in time, the hand-over itself is overdue, and it shows since when it lies there.
# (The follow-up on the hand-over itself is a policy of rules/care and not of the standard rules yet, so
# there is no tag; when it is, this is row 004-36.)
rules: standard + care

2024-09-02 09:00  ana  ComplaintRaised        case=C1 severity=2 topic=invoice
  => owed complaint_resolve to service
2024-09-02 11:00  ana  CaseHandedOver         case=C1 department=billing
  => owed complaint_resolve to billing because case C1
  => owed complaint_acknowledge to billing
  => not owed complaint_resolve to service
  => not owed complaint_acknowledge to service
  => owed hand_over for C1 to billing opened 2024-09-02 11:00 by 2024-09-04 11:00 because CaseHandedOver C1
at 2024-09-09 11:00
  => overdue hand_over opened 2024-09-02 11:00 to billing
2024-09-09 12:00  ana  ComplaintAcknowledged  case=C1
  => done hand_over with ComplaintAcknowledged C1
  => owed complaint_resolve to billing
2024-09-10 12:00  ana  ComplaintResolved      case=C1 remedy=credit-note
  => done complaint_resolve
