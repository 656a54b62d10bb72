# A question on a Friday evening, in a business that is open from nine to six on workdays.
#
# Two open hours are allowed. Half an hour is left on Friday, so the answer is due on Monday at half
# past ten. Ana has hers a minute before, Ben still none at that moment. A holiday on the Monday makes
# it Tuesday.
# The report tells how many of each kind were answered in time.
covers: 001-05
rules: standard + workdays + two_working_hours

2024-05-31 17:30  ana   EnquiryMade       request=Q1 topic=prices channel=EMAIL
  => due answer for Q1 opened 2024-05-31 17:30 by 2024-06-03 10:30 until 2024-06-30 17:30 because EnquiryMade Q1
2024-05-31 17:30  ben   SupportRequested  request=Q2 topic=set-up channel=EMAIL
  => due answer for Q2 by 2024-06-03 10:30 because SupportRequested Q2
at 2024-06-03 10:28
  => ana: due answer
  => ben: due answer
2024-06-03 10:29  ana   QuestionAnswered  request=Q1 channel=PHONE
  => done answer with QuestionAnswered Q1
at 2024-06-03 10:30
  => ana: done answer for Q1
  => ben: overdue answer for Q2
  => report response EnquiryMade EMAIL asked 1 in_time 1 overdue 0 in_time_share 1000
  => report response SupportRequested EMAIL asked 1 in_time 0 overdue 1 in_time_share 0
2024-06-07 17:30  cora  EnquiryMade       request=Q3
  => due answer for Q3 by 2024-06-11 10:30
at 2024-06-10 10:30
  => cora: due answer for Q3
at 2024-06-11 10:29
  => cora: due answer for Q3
at 2024-06-11 10:30
  => cora: overdue answer for Q3
# The thirty days after which it is worth nothing are not of open hours.
at 2024-06-30 17:29
  => ben: overdue answer for Q2
at 2024-06-30 17:30
  => ben: expired answer for Q2
