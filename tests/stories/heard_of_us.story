# Awareness: they know what the supplier stands for, no more.
#
# Having seen an advertisement or read an article is awareness, and is named as the reason. The first
# question or trial moves it on.
covers: 004-16

2024-03-01 09:00  ana  AwarenessShown  form=EXPOSURE channel=POST
  => stage AWARENESS because S5 and because AwarenessShown
2024-03-05 20:00  ana  AwarenessShown  form=READ channel=WEBSITE
  => stage AWARENESS because S5 and because AwarenessShown last
2024-03-06 09:00  ana  EnquiryMade     request=Q1
  => stage EXPLORATION because S4 and because EnquiryMade Q1

2024-03-08 09:00  ben  AwarenessShown  form=READ
  => stage AWARENESS because S5 and because AwarenessShown
2024-03-09 09:00  ben  TrialStarted    trial=T1
  => stage EXPLORATION because S4 and because TrialStarted T1
# Without a further sign it fades to awareness after half a year.
  => next stage change on 2024-09-08
at 2024-09-08
  => stage AWARENESS because S5 and because TrialStarted T1
