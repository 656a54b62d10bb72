# A business has kinds of its own, and says by rule what they mean.
#
# The visit is a talk, so it counts as dialogue and as personal contact, and it breaks the silence. The
# care of the machine is the vendor's act: it is in the timeline and earns nothing. What no rule speaks
# of is kept and shown, and nothing else. A visit that was somebody else's is taken back.
rules: standard + own_kinds

2024-03-01 09:00  ana  PurchaseMade      order=A1 amount=900.00EUR
  => dialogue 0 and remember loyalty as bought
2024-03-01 15:00  ana  CustomTouchpoint  custom_kind=showroom.visit key=V1
  => dialogue > 0 because CustomTouchpoint showroom.visit
  => loyalty > bought, mode PERSONAL
  => remember loyalty as visited
2024-03-01 16:00  ana  CustomTouchpoint  custom_kind=machine.care key=M1 cost=30.00EUR
2024-03-01 17:00  ana  CustomTouchpoint  custom_kind=parking.fee key=P1
  => loyalty = visited
  => timeline shows CustomTouchpoint machine.care key=M1
  => timeline shows CustomTouchpoint parking.fee key=P1
  => timeline has 4 entries
2024-03-01 18:00  ana  CustomTouchpoint  custom_kind=showroom.visit key=V2 id=second-visit
  => loyalty > visited
2024-03-01 19:00  ana  EventRetracted    target_event_id=second-visit
  => loyalty = visited
  => timeline has 6 entries
