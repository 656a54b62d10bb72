# Whether a need is met, the customer decides, not the department.
#
# Ana needs another delivery time; it is handed to logistics, who take two days at most. Logistics says
# that it is done: the need is open still, and somebody asks her. She says no: it is open again, and is
# done again. Her yes closes it. Ben never says a word: thirty days after the answer his need counts as
# met. Cora's is answered at once, by whoever heard it; nobody has to ask. What is open is what the
# reminder of the purchase carries.
covers: 004-48
rules: standard + care

2024-06-03 08:00  ana   NeedHeard           need=delivery form=NEED
2024-06-03 08:00  ben   NeedHeard           need=price form=NEED
2024-06-03 08:00  cora  NeedHeard           need=colour form=NEED
2024-06-03 09:00  ana   PurchaseMade        order=A1 amount=300.00EUR initiator=VENDOR
  => due remind carrying NEED delivery
2024-06-03 09:00  ben   PurchaseMade        order=B1 amount=300.00EUR initiator=VENDOR
2024-06-03 09:00  cora  PurchaseMade        order=C1 amount=300.00EUR initiator=VENDOR
2024-06-03 11:00  ana   CaseHandedOver      case=delivery department=logistics
  => due hand_over for delivery to logistics opened 2024-06-03 11:00 from 2024-06-03 11:00 by 2024-06-05 11:00 until 2024-07-03 11:00 because CaseHandedOver delivery
  => due remind carrying NEED delivery
2024-06-03 11:00  ben   CaseHandedOver      case=price department=sales
2024-06-03 12:00  cora  QuestionAnswered    request=colour
  => no follow-up confirm, due remind, no follow-up remind carrying NEED colour
2024-06-04 10:00  ana   QuestionAnswered    request=price
  => due hand_over for delivery, no follow-up confirm
2024-06-04 11:00  ana   QuestionAnswered    request=delivery
  => done hand_over with QuestionAnswered delivery
  => due confirm for delivery opened 2024-06-04 11:00 from 2024-06-04 11:00 by 2024-06-11 11:00 until 2024-07-04 11:00 because QuestionAnswered delivery
  => due remind carrying NEED delivery
2024-06-04 11:00  ben   QuestionAnswered    request=price
  => due confirm for price, due remind carrying NEED price
2024-06-05 10:00  ana   ResolutionAnswered  case=price accepted=yes
  => due confirm for delivery
2024-06-05 11:00  ana   ResolutionAnswered  case=delivery accepted=no
  => done confirm for delivery with ResolutionAnswered delivery
  => due refused for delivery opened 2024-06-05 11:00 from 2024-06-05 11:00 by 2024-06-07 11:00 until 2024-07-05 11:00 because ResolutionAnswered delivery
  => due remind carrying NEED delivery
at 2024-06-07 10:59
  => ana: due refused
at 2024-06-07 11:00
  => ana: overdue refused
2024-06-07 12:00  ana   QuestionAnswered    request=delivery
  => done refused with QuestionAnswered delivery
  => due confirm for delivery opened 2024-06-07 12:00 by 2024-06-14 12:00 because QuestionAnswered delivery last
  => overdue remind carrying NEED delivery
at 2024-06-11 10:59
  => ben: due confirm
at 2024-06-11 11:00
  => ben: overdue confirm for price
2024-06-12 11:00  ana   ResolutionAnswered  case=delivery accepted=yes
  => done confirm with ResolutionAnswered delivery last
  => overdue remind, no follow-up remind carrying NEED delivery
  => no follow-up refused because ResolutionAnswered delivery last
at 2024-07-04 10:59
  => ben: overdue confirm for price
  => ben: expired remind carrying NEED price
at 2024-07-04 11:00
  => ben: expired confirm for price
  => ben: expired remind, no follow-up remind carrying NEED price
