# A metric and the report of the same name say the same, on their edges too.
#
# An answer at the very moment by which it is due is late. An offer is what was said last of it: made
# again, it is open again; answered twice, the second word counts; bought by, it is bought, and no
# answer.
rules: standard

2024-03-01 10:00  ana  EnquiryMade       request=Q1
2024-03-01 11:00  ana  EnquiryMade       request=Q2
2024-03-02 10:00  ana  QuestionAnswered  request=Q1
  => metric trust.late 1, trust.in_time 0, insight response late 1 in_time 0
2024-03-02 10:30  ana  QuestionAnswered  request=Q2
  => metric trust.late 1, trust.in_time 1, insight response late 1 in_time 1

2024-03-03 10:00  ben  OfferMade         offer=F1 form=UPSELL product=plus valid_until=2024-03-20
2024-03-04 10:00  ben  PurchaseMade      order=B1 amount=10.00EUR offer=F1
  => metric offers.open 1, offers.accepted 0, insight offers open 1 accepted 0 bought 1 value 10.00EUR
2024-03-05 10:00  ben  OfferAnswered     offer=F1 accepted=no
  => metric offers.open 0, offers.declined 1, insight offers open 0 declined 1
2024-03-06 10:00  ben  OfferAnswered     offer=F1 accepted=yes
  => metric offers.declined 0, offers.accepted 1, insight offers declined 0 accepted 1
2024-03-07 10:00  ben  OfferMade         offer=F1 form=UPSELL product=plus valid_until=2024-04-01
  => metric offers.made 1, offers.open 1, offers.accepted 0, insight offers made 1 open 1 accepted 0 bought 1
at 2024-04-01
  => metric offers.lapsed 1, offers.open 0, insight offers lapsed 1 open 0
2024-04-02 10:00  ben  OfferAnswered     offer=F1 accepted=yes
  => metric offers.accepted 1, offers.lapsed 0, insight offers accepted 1 lapsed 0
