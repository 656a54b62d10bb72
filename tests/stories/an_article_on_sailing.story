# An article they would like is passed on, unless they do not care for the topic.
#
# Ana likes sailing, and there is an article on it: within a week somebody tells her. Golf she does not
# want to hear of, so the book on golf opens nothing. Ben refuses the topic only later: then nothing is
# open any more. Cora refuses such messages altogether, and Dora hears nothing in time.
covers: 004-31

2024-06-03 09:00  ana   PreferenceRecorded  key=interest.sailing value=yes
2024-06-03 09:10  ana   ConsentChanged      key=topic.golf granted=no
2024-06-04 09:00  ana   InterestMatched     item=article-7 topic=sailing
  => due interest for article-7 opened 2024-06-04 09:00 from 2024-06-04 09:00 by 2024-06-11 09:00 until 2024-07-04 09:00 carrying InterestMatched article-7 because InterestMatched article-7
  => timeline shows InterestMatched article-7 topic=sailing
2024-06-04 09:00  ben   InterestMatched     item=article-7 topic=sailing
  => due interest for article-7
2024-06-04 09:00  cora  InterestMatched     item=article-7 topic=sailing
2024-06-04 09:00  dora  InterestMatched     item=article-7 topic=sailing
2024-06-05 09:00  ana   InterestMatched     item=book-2 topic=golf
  => no follow-up interest for book-2, due interest for article-7
2024-06-05 10:00  ben   ConsentChanged      key=topic.sailing granted=no
  => no follow-up interest
2024-06-05 10:00  cora  ConsentChanged      key=INTEREST granted=no
  => suppressed interest by OPTED_OUT
2024-06-06 09:00  ana   OutreachMade        outreach=O1 purpose=NOTE channel=POST
  => due interest for article-7
at 2024-06-11 08:59
  => ana: due interest
at 2024-06-11 09:00
  => ana: overdue interest
  => dora: overdue interest
2024-06-11 10:00  ana   OutreachMade        outreach=O2 purpose=INTEREST channel=PHONE
  => done interest for article-7 with OutreachMade O2
at 2024-07-04 08:59
  => dora: overdue interest
at 2024-07-04 09:00
  => dora: expired interest until 2024-07-04 09:00
