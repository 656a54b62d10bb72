# A question on Friday, half an hour before the office closes.
#
# Two hours of work are allowed: half an hour of them is left on Friday, one and a half follow on
# Monday, so that it is due at half past ten. A minute earlier is in time. On a Monday that is a
# holiday it moves to Tuesday.
rules: standard + working_hours

2024-06-07 17:30  ana  EnquiryMade       request=Q1 topic=delivery
  => owed quick_answer by 2024-06-10 10:30 because EnquiryMade Q1
  => under whit_monday: owed quick_answer by 2024-06-11 10:30 because EnquiryMade Q1
2024-06-07 17:31  ben  EnquiryMade       request=Q1 topic=prices
  => owed quick_answer by 2024-06-10 10:31
at 2024-06-10 10:29:59
  => ana: owed quick_answer, not overdue quick_answer
2024-06-10 10:29  ana  QuestionAnswered  request=Q1  logged 2024-06-10 10:30
  => done quick_answer with QuestionAnswered Q1
  => ben: not overdue quick_answer
at 2024-06-10 10:31
  => ben: overdue quick_answer
  => ben: under whit_monday: owed quick_answer, not overdue quick_answer
at 2024-06-11 10:31
  => ben: under whit_monday: overdue quick_answer
# A question on Saturday begins its two hours on Monday morning.
2024-06-15 12:00  cleo  EnquiryMade      request=Q1
  => owed quick_answer by 2024-06-17 11:00
