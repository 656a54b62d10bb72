# Collaborative: a goal in common, a solution built together, the goal reached.
#
# (Row 003-04 also asks for the receipt of the type; the tag waits for it.)

2024-01-08 09:00  acme  JointGoalSet      goal=G1
  => share collaborative 500, share partnership 500, type NONE
2024-02-12 09:00  acme  SolutionBuilt     goal=G1
2024-03-18 09:00  acme  ObjectiveReached  objective=G1 result=14-percent-less-waste
  => type COLLABORATIVE, share collaborative > 500
  => timeline shows JointGoalSet G1, timeline shows SolutionBuilt G1
  => timeline shows ObjectiveReached G1 result=14-percent-less-waste
