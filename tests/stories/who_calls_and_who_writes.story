# No one method is right for all: service calls, sales writes.
#
# Ana wants to be called by the service and written to by the sales. Each follow-up names the channel
# of the department it goes to. A channel that she refuses is not named by anybody.
# For each department the channels are ranked: what she said for it, then where she turned to us.
covers: 001-09

2024-01-10 09:00  ana  PurchaseMade        order=A1 amount=90.00EUR channel=WEBSITE
2024-01-10 09:05  ana  PreferenceRecorded  key=channel.service value=PHONE
2024-01-10 09:06  ana  PreferenceRecorded  key=channel.sales value=EMAIL
2024-03-07 09:00  ana  EnquiryMade         request=Q1 channel=CHAT
  => insight channel_wishes service PHONE stated 1 place 1, insight channel_wishes sales EMAIL stated 1 place 1
  => insight channel_wishes service WEBSITE stated 0 acts 1 place 2, insight channel_wishes service CHAT acts 1 place 2
  => insight channel_wishes sales WEBSITE acts 1 place 2, no insight channel_wishes sales PHONE
  => owed answer to service through PHONE
  => owed second_purchase to sales through EMAIL
2024-03-07 10:00  ana  ConsentChanged      key=PHONE granted=no
  => no insight channel_wishes service PHONE
  => insight channel_wishes service WEBSITE place 1, insight channel_wishes sales EMAIL place 1
  => owed answer to service, not owed answer through PHONE
  => owed second_purchase to sales through EMAIL
2024-03-07 11:00  ana  ConsentChanged      key=EMAIL granted=no
  => owed second_purchase to sales, not owed second_purchase through EMAIL
  => not owed second_purchase through PHONE
