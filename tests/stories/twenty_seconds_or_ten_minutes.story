# Three calls to the hotline: after 20 seconds, after 200, after ten minutes.
#
# The first two reached somebody, the third did not. The rules aim at three minutes on the phone, and
# at ten in all that has no target of its own: one call of three was within it.
covers: 001-07
rules: standard

2024-03-01 09:00  ana  EnquiryMade  request=Q1 channel=PHONE wait=20s live_person=yes
2024-03-01 10:00  ben  EnquiryMade  request=Q2 channel=PHONE wait=200s live_person=yes
2024-03-01 11:00  cora EnquiryMade  request=Q3 channel=PHONE wait=600s live_person=no
  => report channels PHONE touches 3 waits 3 wait 200 live_person 2 live_stated 3 live 667 customers 3
  => report channels PHONE wait_target 180 waits_in_target 1 in_target 333 live_target 800
  => report channels waits 3 wait 200 waits_in_target 1 in_target 333 live 667
  => ana: insight channels PHONE wait 20 waits_in_target 1 in_target 1000 live 1000
  => cora: insight channels PHONE wait 600 waits_in_target 0 in_target 0 live 0
# Elsewhere ten minutes are allowed, to the second; what does not say how long it waited is not judged.
2024-03-02 09:00  ana  EnquiryMade  request=Q4 channel=IN_PERSON wait=600s
2024-03-02 10:00  ben  EnquiryMade  request=Q5 channel=IN_PERSON wait=601s
2024-03-02 11:00  cora EnquiryMade  request=Q6 channel=IN_PERSON
  => report channels IN_PERSON touches 3 waits 2 wait_target 600 waits_in_target 1 in_target 500 live absent
  => report channels waits 5 waits_in_target 2 in_target 400
  => report kinds EnquiryMade waits 5 waits_in_target 2 in_target 400
