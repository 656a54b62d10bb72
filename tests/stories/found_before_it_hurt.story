# A fault is found and mended before anybody complains.
#
# It costs nothing and earns nothing, but it is counted. When somebody does complain of it, the
# complaint is one like any other, and it is told beside what was mended. Another is not.
covers: 003-17

2024-03-04 09:00  ana  PurchaseMade     order=A1 amount=50.00EUR
  => remember loyalty as bought
2024-03-04 12:00  ana  IssuePrevented   issue=loose-cable
  => loyalty = bought, friction 0, counted IssuePrevented 1
  => metric service.issues_prevented 1
  => insight causes issue loose-cable prevented 1 complaints_after 0 because IssuePrevented loose-cable
  => timeline shows IssuePrevented loose-cable
2024-03-04 18:00  ana  ComplaintRaised  case=C1 severity=2 topic=loose-cable
  => friction -100 because case C1, counted IssuePrevented 1
  => timeline shows ComplaintRaised C1 topic=loose-cable
  => insight causes issue loose-cable prevented 1 complaints_after 1 because case C1
2024-03-05 18:00  ana  ComplaintRaised  case=C2 severity=1 topic=late-delivery
  => insight causes issue loose-cable prevented 1 complaints_after 1
