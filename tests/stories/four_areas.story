# Marketing, sales, technical assistance and customer service: one touch of each.
#
# (Row 004-01 also asks for the report by area, and for the touch without one to be missed in the
# completeness; the tag waits for both.)

2024-02-05 09:00  ana  PromotionSent     promotion=M1 area=MARKETING
2024-02-06 09:00  ana  OfferMade         offer=F1 form=UPSELL area=SALES
2024-02-07 09:00  ana  SupportRequested  request=Q1 area=TECHNICAL
2024-02-08 09:00  ana  QuestionAnswered  request=Q1 area=SERVICE
2024-02-09 09:00  ana  OutreachMade      outreach=O1 purpose=NOTE
  => timeline shows PromotionSent M1 area=MARKETING, timeline shows OfferMade F1 area=SALES
  => timeline shows SupportRequested Q1 area=TECHNICAL
  => timeline shows QuestionAnswered Q1 area=SERVICE
  => timeline shows OutreachMade O1, timeline has 5 entries
