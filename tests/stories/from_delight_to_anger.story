# From delight to anger within four months.
#
# Ana tells how she feels: very good, good, bad, very bad. What is good adds 600 and 300, what is bad as
# much on the other side, and all of it fades by half in 182 days. On 10 April 424.3 + 238.7 = 663.0
# stand against 266.6 + 600 = 866.6: 140 * 662 / 2162 = 42.9 points of which the first word has 424.3 /
# 663 = 27.5, and 120 * 866 / 2366 = 43.9 lost, of which the last has 600 / 866.6 = 30.4, the most of
# all. Since February it falls, by 22.3 points in March and by 26.4 in April.
covers: 003-12

2024-01-10 09:00  ana  EnquiryMade  request=Q1 customer_feeling=2
  => metric sentiment.level_milli 600
2024-02-10 09:00  ana  EnquiryMade  request=Q2 customer_feeling=1
2024-03-10 09:00  ana  EnquiryMade  request=Q3 customer_feeling=-1
2024-04-10 09:00  ana  EnquiryMade  request=Q4 customer_feeling=-2
  => metric sentiment.plus_milli 663, sentiment.minus_milli 866, sentiment.level_milli -203
  => insight series 2024-01 sentiment 37.710, insight series 2024-02 sentiment 47.692
  => insight series 2024-03 sentiment 25.373, insight series 2024-04 sentiment -1.010 because EnquiryMade Q4
  => insight series 2024-01 sentiment_change absent, insight series 2024-02 sentiment_change 9.982
  => insight series 2024-03 sentiment_change -22.319, insight series 2024-04 sentiment_change -26.383
  => line sentiment of EnquiryMade Q1 27.457, line sentiment of EnquiryMade Q2 15.455
  => line sentiment of EnquiryMade Q3 -13.514, line sentiment of EnquiryMade Q4 -30.408
