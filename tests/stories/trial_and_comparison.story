# Exploration: somebody tries and compares, and is not convinced.
#
# A trial, an evaluation and a comparison each show that the supplier is being tested. A trial that
# fails ends it at that moment. A later purchase begins anew.
covers: 004-15

2024-02-01 09:00  ana  AwarenessShown  form=EXPOSURE
  => stage AWARENESS
2024-02-05 09:00  ana  TrialStarted    trial=T1
  => stage EXPLORATION because S4 and because TrialStarted T1
2024-02-12 09:00  ana  InterestShown   form=EVALUATION
  => stage EXPLORATION because InterestShown last
2024-02-14 09:00  ana  InterestShown   form=COMPARISON
  => stage EXPLORATION because InterestShown last
at 2024-02-20 08:59
  => stage EXPLORATION
2024-02-20 09:00  ana  TrialEnded      trial=T1 passed=no
  => stage DISSOLUTION because S3 and because TrialEnded T1
  => reason TRIAL_FAILED
as of 2024-02-20 08:59:59
  => stage EXPLORATION because S4
2024-05-02 09:00  ana  PurchaseMade    order=A1 amount=50.00EUR
  => stage EXPLORATION because S7 and because PurchaseMade A1
  => flag WON_BACK because PurchaseMade A1
