# Seven questions on seven channels, one of them the publisher's own: none is merged, none dropped.
covers: 000-10
rules: standard

2024-01-05 09:00  ana  EnquiryMade  request=Q1 channel=WEBSITE
2024-01-05 10:00  ana  EnquiryMade  request=Q2 channel=EMAIL
2024-01-05 11:00  ana  EnquiryMade  request=Q3 channel=PHONE
2024-01-05 12:00  ana  EnquiryMade  request=Q4 channel=LINKEDIN
2024-01-05 13:00  ana  EnquiryMade  request=Q5 channel=FACEBOOK
2024-01-05 14:00  ana  EnquiryMade  request=Q6 channel=TWITTER
2024-01-05 15:00  ana  EnquiryMade  request=Q7 channel=OTHER channel_name=fax
  => timeline has 7 entries, shows EnquiryMade Q1 channel=WEBSITE, shows EnquiryMade Q2 channel=EMAIL
  => timeline shows EnquiryMade Q3 channel=PHONE, shows EnquiryMade Q4 channel=LINKEDIN
  => timeline shows EnquiryMade Q5 channel=FACEBOOK, shows EnquiryMade Q6 channel=TWITTER
  => timeline shows EnquiryMade Q7 channel=OTHER channel_name=fax
  => report channels rows 7 touches 7, report channels fax touches 1 because EnquiryMade Q7
  => report channels WEBSITE touches 1 because EnquiryMade Q1, report channels EMAIL touches 1 because EnquiryMade Q2
  => report channels PHONE touches 1 because EnquiryMade Q3, report channels LINKEDIN touches 1 because EnquiryMade Q4
  => report channels FACEBOOK touches 1 because EnquiryMade Q5, report channels TWITTER touches 1 because EnquiryMade Q6
