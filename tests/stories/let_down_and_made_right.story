# A regular is let down; we make it right, and go the extra mile.
#
# The complaint costs points and marks the relationship as damaged. The replacement, and the
# customer's yes to it, end the mark and most of the cost; they never turn it into a gain. Only the
# good survey earns points of its own. One message was entered two days late, which changes nothing.
covers: 001-13
rules: standard

2024-01-05 09:00  ana  PurchaseMade     order=A1 amount=40.00EUR
2024-02-03 12:00  ana  PurchaseMade     order=A2 amount=55.00EUR
  => stage EXPANSION because S10 and because PurchaseMade A2
  => remember loyalty as before

2024-03-01 10:00  ana  ComplaintRaised  case=C1 severity=3 topic=delivery
  => flag DAMAGED because case C1
  => loyalty < before, friction -180 because case C1
  => owed complaint_acknowledge by 2024-03-02 10:00 because case C1
  => owed complaint_resolve     by 2024-03-06 10:00 because case C1

2024-03-01 11:00  ana  ComplaintAcknowledged  case=C1
  => done complaint_acknowledge with ComplaintAcknowledged C1
  => flag DAMAGED, friction -180
2024-03-03 16:00  ana  ComplaintResolved      case=C1 remedy=replacement extra_mile=yes
  => no flag DAMAGED
  => friction > -180 and friction < -60 because ComplaintResolved C1
  => pending aftercare from 2024-03-06 16:00 by 2024-03-10 16:00 because ComplaintResolved C1
2024-03-02 08:00  ana  OutreachMade           purpose=UPDATE  logged 2024-03-04 07:00
2024-03-04 09:00  ana  ResolutionAnswered     case=C1 accepted=yes
  => no flags
  => friction > -22 and friction < 0 because case C1 and because ResolutionAnswered C1
  => receipt friction "case C1: closed" 2024-03-03
  => done complaint_acknowledge, complaint_resolve, aftercare
  => sentiment 0
  => remember loyalty as made_right
2024-03-04 10:00  ana  SurveyAnswered         survey=V1 score=10 max=10
  => sentiment > 0 because SurveyAnswered V1
  => loyalty > made_right
at +182d
  => friction > -10 and friction < -9
at +1000d
  => friction <= 0
