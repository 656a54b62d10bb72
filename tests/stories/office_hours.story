# Asked on the last open day before a long weekend, answered when the office opens again.
#
# Under the rules `office` a question has eight open hours, Monday to Friday from nine to six in
# Madrid. Ana asks on Thursday at five in the afternoon there (15:00 UTC, in summer time): one hour is
# left that day. Good Friday and the weekend are closed; seven hours from nine on Monday make four in
# the afternoon, 14:00 UTC. Ben asks two weeks before, on a Friday at four (15:00 UTC, still winter
# time): two hours that day and six on Monday, when the clocks have changed: three o'clock, 13:00 UTC.
rules: office

2026-03-27 15:00  ben  EnquiryMade     request=B1 topic=delivery
  => ben: owed answer by 2026-03-30 13:00 because EnquiryMade B1
2026-04-02 15:00  ana  EnquiryMade     request=Q1 topic=price
  => ana: owed answer by 2026-04-06 14:00 because EnquiryMade Q1
2026-04-02 15:30  ana  ComplaintRaised case=C1 severity=2 topic=delivery
  => ana: owed complaint_acknowledge by 2026-04-06 14:30 because case C1
  => ana: owed complaint_resolve by 2026-04-17 15:30 because case C1
at 2026-04-06 13:59
  => ana: due answer
at 2026-04-06 14:00
  => ana: overdue answer
2026-04-06 14:20  ana  QuestionAnswered request=Q1
  => ana: done answer with QuestionAnswered Q1
