# Ten invoices fetched without help, two of them in vain; after one of these ana calls.
covers: 004-11
rules: standard

2024-01-01 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-02 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-03 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-04 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-05 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-06 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-07 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-08 09:00  ana  SelfServiceUsed  task=invoice succeeded=yes channel=SELF_SERVICE
2024-01-09 09:00  ana  SelfServiceUsed  task=refund succeeded=no channel=SELF_SERVICE
2024-01-12 09:00  ana  SelfServiceUsed  task=return succeeded=no channel=SELF_SERVICE
2024-01-12 11:00  ana  SupportRequested  request=Q1 topic=return channel=PHONE
  => mode SELF_SERVICE
  => insight self_service uses 10 succeeded 8 success 800 fallbacks 1
  => insight self_service return failed 1 fallbacks 1 because SupportRequested Q1
  => insight self_service refund failed 1 fallbacks 0
