# A case is closed after five minutes and comes back twice: the quick fix cost more than it saved.
covers: 000-19
rules: standard

2024-01-05 09:00  ana  ComplaintRaised  case=C1
2024-01-05 09:10  ana  ComplaintResolved  case=C1 duration=5m
2024-01-06 09:00  ana  ComplaintReopened  case=C1
2024-01-06 10:00  ana  ComplaintResolved  case=C1 duration=25m cost=10.00EUR
2024-01-07 09:00  ana  ComplaintReopened  case=C1
2024-01-07 10:00  ana  ComplaintResolved  case=C1 duration=40m cost=30.00EUR
2024-01-07 11:00  ana  RootCauseFound  case=C1 cause=label duration=20m
  => insight rework duration 90m rework 85m cost 40.00EUR rework_cost 40.00EUR reworked 1
2024-01-08 09:00  ben  ComplaintRaised  case=C2
2024-01-08 10:00  ben  ComplaintResolved  case=C2 duration=30m
2024-01-08 11:00  ben  RootCauseFound  case=C2 cause=label
2024-01-09 09:00  cleo  ComplaintRaised  case=C3
2024-01-09 10:00  cleo  ComplaintResolved  case=C3 duration=7m
2024-01-09 11:00  cleo  RootCauseFound  case=C3 cause=leak
  => report rework label cases 2 first_time 1 reworked 1 first_time_share 500 rework 85m
  => report rework leak cases 1 first_time 1 reworked 0 first_time_share 1000 rework 0
