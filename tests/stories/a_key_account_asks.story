# What a key account asks, sales hears at once.
#
# Acme is a key account, Bolt is not. Both ask the same question; only of Acme's does sales hear, with
# the question as the cause, and the alert is Paula's, who looks after Acme.
covers: 004-37

2024-03-01 09:00  acme  AccountManagerAssigned  agent=paula key_account=yes
2024-03-04 09:00  acme  EnquiryMade             request=Q1 topic=machines
  => owed key_enquiry to sales assigned paula by 2024-03-05 09:00 because EnquiryMade Q1
  => owed answer to service
2024-03-04 10:00  bolt  EnquiryMade             request=Q1 topic=machines
  => no follow-up key_enquiry
  => owed answer to service
2024-03-04 15:00  acme  OfferMade               offer=F1 form=UPSELL product=machine
  => done key_enquiry with OfferMade F1
