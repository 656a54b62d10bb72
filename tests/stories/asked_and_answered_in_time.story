# Reactive: a question, a complaint and a call for help, each answered in time.
#
# All three weigh as reactive, and the receipt names them. Three of three were answered in time. Ben's
# three wait, each with a due time of its own: a day for the question and for the help; for the
# complaint a day to acknowledge it and fifteen to resolve it.
covers: 003-02

2024-04-08 09:00  ana  EnquiryMade            request=Q1
2024-04-08 10:00  ana  SupportRequested       request=Q2
2024-04-08 11:00  ana  ComplaintRaised        case=C1 severity=2
  => share reactive 1000
  => type REACTIVE because EnquiryMade Q1 and because SupportRequested Q2 and because case C1
2024-04-08 15:00  ana  QuestionAnswered       request=Q1
2024-04-08 16:00  ana  QuestionAnswered       request=Q2
2024-04-08 17:00  ana  ComplaintAcknowledged  case=C1
2024-04-09 09:00  ana  ComplaintResolved      case=C1 remedy=repair
  => done answer for Q1, done answer for Q2, done complaint_acknowledge, complaint_resolve
  => share reactive 1000
  => type REACTIVE because EnquiryMade Q1 and because SupportRequested Q2 and because case C1
  => insight response asked 3 answered 3 in_time 3 late 0 in_time_share 1000
  => insight response EnquiryMade in_time 1 because EnquiryMade Q1
  => insight response SupportRequested in_time 1 because SupportRequested Q2
  => insight response ComplaintRaised in_time 1 because case C1

2024-04-15 09:00  ben  EnquiryMade            request=Q1
2024-04-15 10:00  ben  SupportRequested       request=Q2
2024-04-15 11:00  ben  ComplaintRaised        case=C1 severity=2
  => owed answer for Q1 by 2024-04-16 09:00, owed answer for Q2 by 2024-04-16 10:00
  => owed complaint_acknowledge for C1 by 2024-04-16 11:00
  => owed complaint_resolve for C1 by 2024-04-30 11:00
