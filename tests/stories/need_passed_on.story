# A need is met when the customer says so.
#
# Ana's need goes to another department, which says it is done. It stays open until she agrees; her
# no opens it again. Ben says nothing: after 30 days his need counts as met.

2024-06-03 09:00  ana  NeedHeard           need=ramp form=NEED
2024-06-03 10:00  ben  NeedHeard           need=door form=NEED
2024-06-04 09:00  ana  CaseHandedOver      case=ramp department=building
2024-06-04 10:00  ben  CaseHandedOver      case=door department=building
2024-06-10 09:00  ana  QuestionAnswered    request=ramp
  => metric needs.needs[ramp].open yes, needs.needs[ramp].handed_over yes
  => metric needs.needs[ramp].confirm_until_us 2024-07-10 09:00
2024-06-10 10:00  ben  QuestionAnswered    request=door
2024-06-12 09:00  ana  ResolutionAnswered  case=ramp accepted=no
  => no metric needs.needs[ramp].confirm_until_us
at 2024-07-10 09:59
  => ben: metric needs.open 1
  => ana: metric needs.open 1
at 2024-07-10 10:00
  => ben: metric needs.open 0
  => ana: metric needs.open 1
2024-07-25 09:00  ana  QuestionAnswered    request=ramp
  => metric needs.open 1
2024-07-26 09:00  ana  ResolutionAnswered  case=ramp accepted=yes
  => metric needs.open 0
