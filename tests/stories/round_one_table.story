# Meetings with a client: who sat there, and what came of it.
#
# Paula looks after Acme. Ninety days later a meeting is due; she meets Dora and Bert, who wanted to
# renew and did. The next meeting, with Dora alone, did not bring what it was for.
covers: 004-35

2024-01-08 09:00  acme  AccountManagerAssigned  agent=paula key_account=yes
at 2024-04-07 09:00
  => due account_review assigned paula because AccountManagerAssigned paula
2024-04-10 10:00  acme  MeetingHeld  meeting=M1 attendees=dora,bert,paula actor=paula intended_outcome=renewal outcome=renewal
  => timeline shows MeetingHeld M1 attendees=dora,bert,paula actor=paula intended_outcome=renewal outcome=renewal
  => insight people paula dora touches 1 meetings 1 because MeetingHeld M1
  => insight people paula bert touches 1 meetings 1 because MeetingHeld M1
  => no follow-up account_review
  => metric outcomes.stated 1, outcomes.met 1
2024-05-10 10:00  acme  MeetingHeld  meeting=M2 attendees=dora,paula actor=paula intended_outcome=larger-order outcome=postponed
  => insight people paula dora touches 2 meetings 2 rank 1, insight people paula bert meetings 1
  => metric outcomes.stated 2, outcomes.met 1
  => insight outcomes stated 2 met 1
at 2024-08-08 09:59
  => no follow-up account_review
at 2024-08-08 10:00
  => due account_review because MeetingHeld M2
