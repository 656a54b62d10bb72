# Somebody is seen reading about us, and a friend of theirs mentions us on Facebook.
#
# Nobody has asked or bought anything yet: they know of us. Both signs are what this rests on, and the
# friend's word counts as word of mouth. An enquiry leads on; half a year later, without a purchase,
# they know of us still.
covers: 001-11
rules: standard

2024-03-01 09:00  pia  AwarenessShown  form=READ channel=WEBSITE
  => stage AWARENESS because S5 because AwarenessShown
  => no report word_of_mouth HEARD
2024-03-04 18:30  pia  AwarenessShown  form=MENTION channel=FACEBOOK
  => stage AWARENESS because S5 because AwarenessShown first because AwarenessShown last
  => timeline shows AwarenessShown form=READ channel=WEBSITE, timeline shows AwarenessShown form=MENTION channel=FACEBOOK
  => report word_of_mouth HEARD FACEBOOK mentions 1 heard 1 said 0 customers 1 because AwarenessShown last
  => report word_of_mouth mentions 1 rows 1
  => insight word_of_mouth HEARD FACEBOOK mentions 1
2024-03-05 09:00  quin AwarenessShown  form=MENTION channel=FACEBOOK
  => report word_of_mouth HEARD FACEBOOK mentions 2 customers 2
2024-03-10 09:00  pia  EnquiryMade     request=Q1
  => stage EXPLORATION because S4 because EnquiryMade Q1
at 2024-09-09
  => stage AWARENESS because S5 because EnquiryMade Q1 because AwarenessShown first because AwarenessShown last
