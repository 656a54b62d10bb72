# What matters most to the customer.
#
# Ana speaks of delivery three times and of the price once, so delivery comes first, with the three
# times she said so. Two of them turn out to have been somebody else: taken back, both matter alike.
covers: 000-16

2024-03-04 09:00  ana  NeedHeard  need=price form=CONCERN
2024-03-05 09:00  ana  NeedHeard  need=delivery form=NEED  id=heard:1
2024-03-06 09:00  ana  NeedHeard  need=delivery form=NEED  id=heard:2
2024-03-07 09:00  ana  NeedHeard  need=delivery form=NEED  id=heard:3
  => metric needs.needs delivery+price
  => metric needs.needs[delivery].rank 1, needs.needs[delivery].times 3
  => metric needs.needs[delivery].event_ids 3 because NeedHeard delivery first
  => metric needs.needs[delivery].event_ids 3 because NeedHeard delivery last
  => metric needs.needs[price].rank 2, needs.needs[price].times 1 because NeedHeard price
2024-03-08 09:00  ana  EventRetracted  target_event_id=heard:1
2024-03-08 10:00  ana  EventRetracted  target_event_id=heard:3
  => metric needs.needs[delivery].rank 1, needs.needs[price].rank 1
  => metric needs.needs[delivery].event_ids 1, needs.needs[price].event_ids 1
