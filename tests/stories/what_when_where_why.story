# Purchases that say what, when, where, why and why ana began to buy here; one says nothing of why.
covers: 004-05, 002-13
rules: standard

2024-01-05 09:00  ana  PurchaseMade  order=A1 amount=30.00EUR item=cup:2:30.00EUR place=ny reason=gift start_reason=friend
  => timeline shows PurchaseMade A1 place=ny reason=gift start_reason=friend
  => insight purchases item cup purchases 1, insight purchases month 2024-01 purchases 1
  => insight purchases place ny purchases 1, insight purchases reason gift purchases 1
  => insight purchases start_reason friend purchases 1 because PurchaseMade A1
  => report completeness story purchases 1 with_reason 1 reason_share 1000
2024-02-05 09:00  ben  PurchaseMade  order=B1 amount=5.00EUR item=jar:1:5.00EUR place=ny reason=price
2024-02-06 09:00  ben  PurchaseMade  order=B2 amount=6.00EUR item=cup:1:6.00EUR place=la reason=gift
2024-02-07 09:00  ben  PurchaseMade  order=B3 amount=7.00EUR
  => report purchases purchases 4 spend 48.00EUR, report purchases item cup purchases 2 spend 36.00EUR customers 2
  => report purchases month 2024-02 purchases 3, report purchases place ny purchases 2
  => report purchases reason gift purchases 2, report purchases reason price purchases 1
  => report purchases reason none purchases 1, report purchases start_reason friend purchases 1
  => report completeness story purchases 4 with_reason 3 reason_share 750
