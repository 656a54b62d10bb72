# The complaint goes to those who can resolve it.
#
# Handed over to billing, it stands in billing's list and no longer in service's. When billing does
# not take it over in time, the hand-over itself is overdue, and it shows since when it lies there.
covers: 004-36

2024-09-02 09:00  ana  ComplaintRaised        case=C1 severity=2 topic=invoice
  => owed complaint_resolve to service
2024-09-02 11:00  ana  CaseHandedOver         case=C1 department=billing
  => owed complaint_resolve to billing because case C1
  => owed complaint_acknowledge to billing
  => not owed complaint_resolve to service
  => not owed complaint_acknowledge to service
  => owed hand_over for C1 to billing opened 2024-09-02 11:00 by 2024-09-04 11:00 because CaseHandedOver C1
at 2024-09-04 10:59
  => due hand_over
at 2024-09-04 11:00
  => overdue hand_over to billing
at 2024-09-09 11:00
  => overdue hand_over opened 2024-09-02 11:00 to billing
2024-09-09 11:30  ana  ComplaintAcknowledged  case=C9
  => overdue hand_over
2024-09-09 12:00  ana  ComplaintAcknowledged  case=C1
  => done hand_over with ComplaintAcknowledged C1
  => owed complaint_resolve to billing
2024-09-10 12:00  ana  ComplaintResolved      case=C1 remedy=credit-note
  => done complaint_resolve

2024-10-01 09:00  ben  ComplaintRaised        case=C2 severity=2 topic=invoice
2024-10-01 11:00  ben  CaseHandedOver         case=C2 department=billing
at 2024-10-31 10:59
  => overdue hand_over for C2 opened 2024-10-01 11:00
at 2024-10-31 11:00
  => expired hand_over for C2
  => overdue complaint_resolve for C2 to billing
