# A subscription: five payments, then none.
#
# Under the rules `subscription` one fresh payment earns 320 * 1000 / (1000 + 4000) = 64 points of
# rhythm. The first renewal is talked about from day 25 on; without it, day 46 of silence ends it. A
# recommendation is asked for once, at the third payment. After five payments, 30 days apart, the
# customer's gap is (30 + 120) / (0.25 + 4) = 35 days and a fraction: AT_RISK on day 36.
rules: subscription

2026-01-05 08:00  ana  PurchaseMade  order=M1 amount=20.00EUR
  => rhythm 64.000, stage EXPLORATION because S7
  => owed welcome by 2026-01-08 00:00 because first purchase
  => pending second_purchase from 2026-01-30 00:00 by 2026-02-02 00:00 because first purchase
  => no follow-up lead_ask
  => next stage change on 2026-02-20
2026-01-06 09:00  ana  OutreachMade  purpose=ASSIST channel=PHONE
  => done welcome with OutreachMade
2026-02-04 08:00  ana  PurchaseMade  order=M2 amount=20.00EUR
  => stage EXPANSION because S10, no follow-up second_purchase
2026-03-06 08:00  ana  PurchaseMade  order=M3 amount=20.00EUR
  => owed lead_ask by 2026-03-13 00:00
2026-04-05 08:00  ana  PurchaseMade  order=M4 amount=20.00EUR
2026-05-05 08:00  ana  PurchaseMade  order=M5 amount=20.00EUR
  => stage EXPANSION, no flag AT_RISK, no follow-up lead_ask
at 2026-06-09 12:00
  => no flag AT_RISK, cadence 35 days
at 2026-06-10 00:00
  => flag AT_RISK
