# Collaborative: a goal in common, a solution built together, the goal reached.
#
# All three weigh as working together, and the receipt names them. Of the goal it is told since when we
# have it and when it was reached.
covers: 003-04

2024-01-08 09:00  acme  JointGoalSet      goal=G1
  => share collaborative 500, share partnership 500, type NONE
  => metric objectives[G1].set_day 2024-01-08 because JointGoalSet G1, no metric objectives[G1].reached_day
2024-02-12 09:00  acme  SolutionBuilt     goal=G1
2024-03-18 09:00  acme  ObjectiveReached  objective=G1 result=14-percent-less-waste
  => type COLLABORATIVE because JointGoalSet G1 and because SolutionBuilt G1 and because ObjectiveReached G1
  => share collaborative > 500
  => metric objectives[G1].joint yes, metric objectives[G1].set_day 2024-01-08
  => metric objectives[G1].reached_day 2024-03-18 because ObjectiveReached G1
  => timeline shows JointGoalSet G1, timeline shows SolutionBuilt G1
  => timeline shows ObjectiveReached G1 result=14-percent-less-waste
