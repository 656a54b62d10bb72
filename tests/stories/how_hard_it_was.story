# One case: sent on twice, asked about again, and opened once more after it was called done.
covers: 001-06
rules: standard

2024-01-05 09:00  ana  ComplaintRaised  case=C1 severity=2 topic=billing
2024-01-05 10:00  ana  CaseHandedOver  case=C1 department=billing
2024-01-06 10:00  ana  CaseHandedOver  case=C1 department=finance
2024-01-07 10:00  ana  ComplaintRaised  case=C1 topic=billing
2024-01-08 10:00  ana  ComplaintResolved  case=C1
2024-01-09 10:00  ana  ComplaintReopened  case=C1
  => insight effort billing effort 4 hand_overs 2 repeats 1 reopenings 1
  => insight effort billing effort 4 because CaseHandedOver first and because CaseHandedOver last
  => insight effort billing effort 4 because ComplaintRaised last and because ComplaintReopened C1
2024-01-09 11:00  ben  ComplaintRaised  case=C2 topic=billing
2024-01-09 12:00  ben  ComplaintRaised  case=C3 topic=delivery
  => report effort billing cases 2 effort 4 effort_per_case 2, report effort delivery cases 1 effort_per_case 0
