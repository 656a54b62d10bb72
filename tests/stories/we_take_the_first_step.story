# Proactive: we assist, bring news and suggest, before anybody asks.
#
# What counts is the answer. Two of three contacts are answered: from them comes the proactive
# relationship. The third is in the timeline and weighs nothing.
covers: 003-03

2024-07-01 09:00  ana  OutreachMade      outreach=O1 purpose=ASSIST channel=PHONE
2024-07-02 09:00  ana  OutreachMade      outreach=O2 purpose=UPDATE channel=EMAIL
  => share proactive 0, type NONE
2024-07-03 09:00  ana  OutreachAnswered  outreach=O1 purpose=ASSIST answer=YES
  => share proactive 1000, not type PROACTIVE
2024-07-03 10:00  ana  OutreachAnswered  outreach=O2 purpose=UPDATE answer=OTHER
  => share proactive 1000, type PROACTIVE
  => dialogue > 0 because OutreachAnswered O1 and because OutreachAnswered O2
  => remember loyalty as answered
2024-07-03 11:00  ana  OutreachMade      outreach=O3 purpose=SUGGEST channel=EMAIL
  => timeline shows OutreachMade O3 purpose=SUGGEST
  => share proactive 1000, type PROACTIVE, loyalty = answered
