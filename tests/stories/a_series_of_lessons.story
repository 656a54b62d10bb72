# A newsletter at request: on the 1st and the 15th, one lesson after the other.
#
# From the moment Ana asks for it she sees the next one coming, and which lesson it is. Each is due on
# its day, within two days, and worth nothing when the next one comes. A call is no newsletter. Ben has
# not asked for it; Dora asks at the very beginning of the 15th, too late for that day's. When Ana leaves,
# nothing is due any more. Of the two lessons that were sent one was opened.
covers: 002-34

2024-03-04 09:00  ben   EnquiryMade     request=Q1
2024-03-05 09:00  ana   ConsentChanged  key=NEWSLETTER granted=yes
  => pending newsletter opened 2024-03-01 from 2024-03-15 by 2024-03-17 until 2024-03-29 carrying POSITION 1
  => no follow-up newsletter from 2024-03-01, no follow-up newsletter from 2024-04-01
at 2024-03-14 23:59
  => pending newsletter from 2024-03-15
2024-03-15 00:00  dora  ConsentChanged  key=NEWSLETTER granted=yes
  => no follow-up newsletter from 2024-03-15
  => pending newsletter opened 2024-03-15 from 2024-04-01
at 2024-03-15
  => ana: due newsletter from 2024-03-15 carrying POSITION 1
  => ana: pending newsletter opened 2024-03-15 from 2024-04-01
  => ben: no follow-up newsletter
2024-03-15 10:00  ana   OutreachMade    outreach=L3 purpose=NEWSLETTER series=lessons position=3 channel=EMAIL
  => done newsletter from 2024-03-15 with OutreachMade L3
  => pending newsletter from 2024-04-01 by 2024-04-03 until 2024-04-15 carrying POSITION 4
2024-03-15 20:00  ana   AwarenessShown  form=READ outreach=L3
  => timeline shows AwarenessShown form=READ outreach=L3
  => metric newsletter.position 4, newsletter.next_day 2024-04-01
  => report outreach series lessons touches 1 opened 1 opened_share 1000 because OutreachMade L3
at 2024-03-31 23:59
  => pending newsletter from 2024-04-01
at 2024-04-01
  => due newsletter from 2024-04-01 carrying POSITION 4
2024-04-01 12:00  dora  OutreachMade    outreach=L1 purpose=NEWSLETTER series=lessons position=1 channel=EMAIL
  => done newsletter from 2024-04-01 with OutreachMade L1
  => report outreach series lessons touches 2 opened 1 opened_share 500
at 2024-04-02 23:59
  => ana: due newsletter from 2024-04-01
at 2024-04-03
  => ana: overdue newsletter from 2024-04-01
2024-04-03 10:00  ana   OutreachMade    outreach=O1 purpose=CHECK channel=PHONE
  => overdue newsletter from 2024-04-01
at 2024-04-14 23:59
  => overdue newsletter from 2024-04-01
at 2024-04-15
  => expired newsletter from 2024-04-01 until 2024-04-15
  => due newsletter from 2024-04-15 carrying POSITION 4
2024-04-16 09:00  ana   ConsentChanged  key=NEWSLETTER granted=no
  => no follow-up newsletter, no metric newsletter
at 2024-05-01
  => ana: no follow-up newsletter
  => ben: no follow-up newsletter
