# Customers, employees, investors and the public all speak under a customer's name.
#
# All of it is in the timeline, each with who said it. Only what the customer does himself counts for
# him: an employee's praise, an investor's recommendation and what a stranger writes earn nothing.
# (who_speaks.story has the report of row 000-09.)

2024-03-04 09:00  ana  PraiseGiven    praise=P1 party=EMPLOYEE actor=dora
2024-03-04 10:00  ana  ReferralMade   referral=R1 form=RECOMMENDATION party=INVESTOR actor=fund-7
2024-03-04 11:00  ana  AdvocacyShown  advocacy=V1 form=REVIEW party=PUBLIC
2024-03-04 11:30  ana  EnquiryMade    request=Q1 party=PARTNER
  => loyalty 0, type NONE, stage AWARENESS because S5
  => no follow-up referral_thanks, no follow-up answer
  => counted PraiseGiven 0, counted ReferralMade 0
2024-03-04 12:00  ana  PraiseGiven    praise=P2 party=CUSTOMER
  => sentiment > 0 because PraiseGiven P2, advocacy 0
  => remember loyalty as praised
# Who does not say who it was is the customer.
2024-03-04 13:00  ana  PraiseGiven    praise=P3
  => loyalty > praised, sentiment > 0 because PraiseGiven P3
  => timeline shows PraiseGiven P1 party=EMPLOYEE actor=dora
  => timeline shows ReferralMade R1 party=INVESTOR actor=fund-7
  => timeline shows AdvocacyShown V1 party=PUBLIC, timeline shows PraiseGiven P2 party=CUSTOMER
  => timeline has 6 entries
