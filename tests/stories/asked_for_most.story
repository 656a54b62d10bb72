# Delivery was asked for three times, advice and the price once; then two of the three turn out to be
# mistakes.
covers: 000-16
rules: standard

2024-01-05 09:00  ana  NeedHeard  need=delivery form=NEED id=d1
2024-01-06 09:00  ana  NeedHeard  need=price form=NEED id=p1
2024-01-07 09:00  ana  NeedHeard  need=delivery form=NEED id=d2
2024-01-08 09:00  ana  NeedHeard  need=delivery form=NEED id=d3
2024-01-08 10:00  ana  NeedHeard  need=advice form=NEED
  => insight needs rows 3 heard 5
  => insight needs delivery heard 3 rank 1 because NeedHeard delivery first and because NeedHeard delivery last
  => insight needs price heard 1 rank 3 because NeedHeard price
2024-01-09 09:00  ana  EventRetracted  target_event_id=d1
2024-01-09 10:00  ana  EventRetracted  target_event_id=d2
  => insight needs delivery heard 1, insight needs price heard 1
