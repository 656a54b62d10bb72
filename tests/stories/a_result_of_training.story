# A training is given for what ana wants to reach, and fourteen percent come of it.
covers: 002-30
rules: standard

2024-01-05 09:00  ana  ObjectiveSet  objective=save
2024-01-10 09:00  ana  TrainingGiven  training=T1 objective=save cost=9.00EUR
  => insight objectives objective save resources 1 reached 0 result none
2024-03-01 09:00  ana  ObjectiveReached  objective=save result="14 %"
  => insight objectives objective save resources 1 resources_cost 9.00EUR reached 1 result "14 %" because TrainingGiven T1
  => report objectives resource T1 objectives 1 reached 1 result "14 %" because TrainingGiven T1
