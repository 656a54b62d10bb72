# An account with a manager, meetings and a goal that both work for.
#
# Under the rules `accounts` a meeting of today earns 160 * 700 / (700 + 2000) = 41.481 points of
# dialogue. The second order commits, because the goal binds; under the standard rules it would take
# three. The next meeting is due 91 days after the last, the goal is looked at 91 days after it was
# set; the solution closes that, and is a talk by rule: 160 * 700 / 2700 again, the meeting aside.
rules: accounts

2026-01-12 09:00  acme  PurchaseMade           order=P1 amount=12000.00EUR
  => owed thank_you by 2026-01-17 09:00 because PurchaseMade P1
2026-01-13 09:00  acme  AccountManagerAssigned agent=mira key_account=yes
2026-03-02 10:00  acme  MeetingHeld            meeting=T1 attendees=4
  => dialogue 41.481, owner mira
  => pending next_meeting from 2026-05-18 10:00 by 2026-06-01 10:00 to accounts because MeetingHeld T1
2026-03-02 11:00  acme  JointGoalSet           goal=G1
  => pending goal_review from 2026-05-25 11:00 by 2026-06-01 11:00 to accounts because JointGoalSet G1
  => stage EXPLORATION because S7
2026-03-16 09:00  acme  PurchaseMade           order=P2 amount=9000.00EUR
  => stage COMMITMENT because S9
2026-04-20 10:00  acme  SolutionBuilt          goal=G1
  => done goal_review with SolutionBuilt G1
2026-05-26 10:00  acme  MeetingHeld            meeting=T2 attendees=3
  => done next_meeting with MeetingHeld T2
