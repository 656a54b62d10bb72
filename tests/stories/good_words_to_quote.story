# Good experiences, and which of them may be quoted.
#
# Ana praises us twice, once with leave to quote. When Ana would rather not be named
# any more, nothing is quoted; that it was good twice stays true.
covers: 002-12

2024-06-03 09:00  ana  PraiseGiven     praise=L1
2024-06-04 09:00  ana  PraiseGiven     praise=L2 consent=yes
  => metric praise.count 2
  => metric praise.testimonials L2
  => metric praise.testimonials[L2].at_us 2024-06-04 09:00 because PraiseGiven L2
2024-06-05 09:00  ana  ConsentChanged  key=NAMED granted=no
  => no metric praise.testimonials
  => metric praise.count 2
