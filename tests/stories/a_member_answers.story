# A member of the community answers another one's question.
#
# Ben's answer counts for Ben; Ana's question is closed by it, through the community. The publisher
# writes both: what Ben did, and that Ana was answered.
# (Row 004-13 also asks for the report of topics and of links between members; the tag waits for it.)

2024-04-01 09:00  ana  EnquiryMade       request=Q1 topic=descaling channel=COMMUNITY
  => owed answer because EnquiryMade Q1
2024-04-01 08:00  ben  CommunityActed    community=forum form=JOINED  logged 2024-04-01 09:00
  => share community 1000, advocacy 0
2024-04-01 12:00  ben  CommunityActed    community=forum form=ANSWERED request=Q1 asker=ana
  => advocacy > 0 because CommunityActed last, mode COMMUNITY
2024-04-01 12:00  ana  QuestionAnswered  request=Q1 channel=COMMUNITY
  => done answer with QuestionAnswered Q1
  => timeline shows QuestionAnswered Q1 channel=COMMUNITY
  => ben: timeline shows CommunityActed forum form=ANSWERED request=Q1 asker=ana
# Leaving ends nothing that was done.
2024-04-02 09:00  ben  CommunityActed    community=forum form=LEFT
  => share community 1000, counted CommunityActed 3
