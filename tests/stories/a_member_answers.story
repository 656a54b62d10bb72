# A member of the community answers another one's question.
#
# Ben's answer counts for Ben; Ana's question is closed by it, through the community. The publisher
# writes both: what Ben did, and that Ana was answered.
# The report counts what they speak of, and who helped whom.
covers: 004-13

2024-04-01 09:00  ana  EnquiryMade       request=Q1 topic=descaling channel=COMMUNITY
  => owed answer because EnquiryMade Q1
2024-04-01 08:00  ben  CommunityActed    community=forum form=JOINED  logged 2024-04-01 09:00
  => share community 1000, advocacy 0
2024-04-01 12:00  ben  CommunityActed    community=forum form=ANSWERED request=Q1 asker=ana subject=descaling
  => advocacy > 0 because CommunityActed last, mode COMMUNITY
2024-04-01 12:00  ana  QuestionAnswered  request=Q1 channel=COMMUNITY
  => done answer with QuestionAnswered Q1
  => timeline shows QuestionAnswered Q1 channel=COMMUNITY
  => ben: timeline shows CommunityActed forum form=ANSWERED request=Q1 asker=ana
  => report community topic descaling acts 1 answers 1, report community link "ben helped ana" answers 1 customers 2
2024-04-01 14:00  ben  CommunityActed    community=forum form=ANSWERED request=Q2 asker=cora subject=descaling
  => report community topic descaling answers 2, report community link "ben helped cora" answers 1
  => report community link "ben helped ana" answers 1, report community answers 2
# Leaving ends nothing that was done.
2024-04-02 09:00  ben  CommunityActed    community=forum form=LEFT
  => share community 1000, counted CommunityActed 4
