# No one method is right for all: service calls, sales writes.
#
# Ana wants to be called by the service and written to by the sales. Each follow-up names the channel
# of the department it goes to. A channel that she refuses is not named by anybody.
# (Row 001-09 also asks for the channels ranked by purpose; the tag waits for that.)

2024-01-10 09:00  ana  PurchaseMade        order=A1 amount=90.00EUR channel=WEBSITE
2024-01-10 09:05  ana  PreferenceRecorded  key=channel.service value=PHONE
2024-01-10 09:06  ana  PreferenceRecorded  key=channel.sales value=EMAIL
2024-03-07 09:00  ana  EnquiryMade         request=Q1 channel=CHAT
  => owed answer to service through PHONE
  => owed second_purchase to sales through EMAIL
2024-03-07 10:00  ana  ConsentChanged      key=PHONE granted=no
  => owed answer to service, not owed answer through PHONE
  => owed second_purchase to sales through EMAIL
2024-03-07 11:00  ana  ConsentChanged      key=EMAIL granted=no
  => owed second_purchase to sales, not owed second_purchase through EMAIL
  => not owed second_purchase through PHONE
