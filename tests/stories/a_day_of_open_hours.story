# A day of open hours is 24 of them, and they are not all on one day.
#
# On Friday at half past five half an hour is left; Monday and Tuesday have nine hours each, and five and
# a half more make it half past two on Wednesday. So long questions and complaints may wait for the first
# word; the term of the complaint itself is of days, whether somebody is there or not.
rules: standard + workdays

2024-05-31 17:30  ana   EnquiryMade       request=Q1 topic=prices
  => due answer for Q1 by 2024-06-05 14:30
2024-05-31 17:30  ben   ComplaintRaised   case=C1 severity=3
  => due complaint_acknowledge for C1 by 2024-06-05 14:30, due complaint_resolve for C1 by 2024-06-05 17:30
at 2024-06-05 14:29
  => ana: due answer
  => ben: due complaint_acknowledge
at 2024-06-05 14:30
  => ana: overdue answer
  => ben: overdue complaint_acknowledge, due complaint_resolve
