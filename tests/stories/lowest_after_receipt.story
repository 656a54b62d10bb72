# How content they are through the whole purchase: before, at, after it, and once the goods are there.
#
# Ana gives six, eight, nine and four of ten: it is after the receipt that something is wrong. Ben gives
# eight then; over all customers it is six.
covers: 004-02

2024-03-04 09:00  ana  SurveyAnswered  survey=S1 score=6 max=10 phase=BEFORE
2024-03-05 09:00  ana  SurveyAnswered  survey=S2 score=8 max=10 phase=AT
2024-03-06 09:00  ana  SurveyAnswered  survey=S3 score=9 max=10 phase=AFTER_PURCHASE
  => metric satisfaction.phases 3, metric satisfaction.lowest_phase BEFORE
2024-03-12 09:00  ana  SurveyAnswered  survey=S4 score=4 max=10 phase=AFTER_RECEIPT
  => metric satisfaction.phases[BEFORE].mean_permille 600, satisfaction.phases[AT].mean_permille 800
  => metric satisfaction.phases[AFTER_PURCHASE].mean_permille 900, satisfaction.phases[AFTER_RECEIPT].mean_permille 400
  => metric satisfaction.lowest_phase AFTER_RECEIPT
2024-03-13 09:00  ben  SurveyAnswered  survey=S5 score=8 max=10 phase=AFTER_RECEIPT
  => report surveys phase AFTER_RECEIPT answers 2 score 6 customers 2, report surveys phase BEFORE answers 1 score 6
  => report surveys phase AT answers 1 score 8, report surveys phase AFTER_PURCHASE answers 1 score 9
