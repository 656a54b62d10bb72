# One question on each channel: website, e-mail, phone, LinkedIn, Facebook, Twitter, and a fax.
#
# None is dropped, and none is taken for another: what the list of channels does not have keeps the
# name that its publisher gives it.
# (Row 000-10 also asks for the report by channel; the tag waits for it.)

2024-04-01 09:00  ana  EnquiryMade  request=Q1 channel=WEBSITE
2024-04-01 10:00  ana  EnquiryMade  request=Q2 channel=EMAIL
2024-04-01 11:00  ana  EnquiryMade  request=Q3 channel=PHONE
2024-04-01 12:00  ana  EnquiryMade  request=Q4 channel=LINKEDIN
2024-04-01 13:00  ana  EnquiryMade  request=Q5 channel=FACEBOOK
2024-04-01 14:00  ana  EnquiryMade  request=Q6 channel=TWITTER
2024-04-01 15:00  ana  EnquiryMade  request=Q7 channel=OTHER channel_name=fax
  => touched WEBSITE 1, EMAIL 1, PHONE 1, LINKEDIN 1, FACEBOOK 1, TWITTER 1, OTHER 1
  => timeline shows EnquiryMade Q1 channel=WEBSITE, timeline shows EnquiryMade Q2 channel=EMAIL
  => timeline shows EnquiryMade Q3 channel=PHONE, timeline shows EnquiryMade Q4 channel=LINKEDIN
  => timeline shows EnquiryMade Q5 channel=FACEBOOK, timeline shows EnquiryMade Q6 channel=TWITTER
  => timeline shows EnquiryMade Q7 channel=OTHER channel_name=fax
  => timeline has 7 entries, counted EnquiryMade 7
# A name belongs to a channel of its own, not to one that has a name already.
2024-04-01 16:00  ana  EnquiryMade  request=Q8 channel=EMAIL channel_name=fax
  => refused FIELD_INVALID channel_name
