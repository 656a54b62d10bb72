# We know them, and what we offer shows it.
#
# Of the five things that the rules want to know of everybody, Ana has told us three. Two of the four
# offers were made for one of her preferences.
covers: 003-15

2024-10-01 09:00  ana  PreferenceRecorded  key=channel value=EMAIL
2024-10-01 10:00  ana  PreferenceRecorded  key=delivery value=evenings
2024-10-01 11:00  ana  PreferenceRecorded  key=language value=es
2024-10-01 12:00  ana  PreferenceRecorded  key=colour value=red
  => metric preferences.wanted 5, preferences.known 3, preferences.coverage_permille 600
  => metric preferences.missing business+interest
  => metric preferences.preferences[delivery].value evenings because PreferenceRecorded delivery
2024-10-02 09:00  ana  OfferMade           offer=F1 form=UPSELL product=a preference=delivery
2024-10-03 09:00  ana  OfferMade           offer=F2 form=UPSELL product=b
2024-10-04 09:00  ana  OfferMade           offer=F3 form=UPSELL product=c preference=channel
2024-10-05 09:00  ana  OfferMade           offer=F4 form=UPSELL product=d valid_until=2024-10-20
  => metric offers.made 4, offers.tailored 2, offers.open 4
2024-10-06 09:00  ana  OfferAnswered       offer=F1 accepted=yes
2024-10-07 09:00  ana  OfferAnswered       offer=F2 accepted=no
at 2024-10-20
  => metric offers.accepted 1, offers.declined 1, offers.lapsed 1, offers.open 1
  => metric offers.tailored 2
