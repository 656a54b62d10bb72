# What a call is meant to reach, and what it reached; one outcome comes in later.
covers: 002-16
rules: standard

2024-01-05 09:00  ana  OutreachMade  outreach=O1 purpose=CHECK intended_outcome=renew outcome=renew
2024-01-06 09:00  ana  OutreachMade  outreach=O2 purpose=CHECK intended_outcome=renew outcome=undecided
2024-01-07 09:00  ana  MeetingHeld  meeting=M1 intended_outcome=renew interaction_id=i1
  => report outcomes OutreachMade met 1 not_met 1 met_share 500, report outcomes MeetingHeld open 1 met 0
2024-01-08 09:00  ana  OutreachAnswered  outreach=O3 purpose=CHECK answer=YES outcome=renew interaction_id=i1
  => report outcomes MeetingHeld open 0 met 1 met_share 1000, report outcomes met_share 667
