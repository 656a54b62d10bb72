# A question comes by e-mail and is answered by phone.
#
# The answer closes the question; the timeline shows how long it took and through which channel. A
# second answer changes nothing.
covers: 004-34

2024-08-05 09:00  ana  EnquiryMade       request=Q1 topic=opening-hours channel=EMAIL
  => owed answer by 2024-08-06 09:00 because EnquiryMade Q1
  => dialogue > 0 because EnquiryMade Q1
2024-08-05 12:00  ana  QuestionAnswered  request=Q1 channel=PHONE wait=3h
  => done answer opened 2024-08-05 09:00 with QuestionAnswered Q1 first
  => timeline shows QuestionAnswered Q1 wait=3h channel=PHONE
  => remember loyalty as answered
2024-08-05 18:00  ana  QuestionAnswered  request=Q1 channel=EMAIL wait=9h
  => done answer with QuestionAnswered Q1 first
  => not owed answer, loyalty = answered
  => timeline shows QuestionAnswered Q1 wait=3h channel=PHONE
