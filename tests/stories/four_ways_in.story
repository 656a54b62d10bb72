# By phone, over the website, stopping by, and from a machine: four ways in, four channels.
#
# They are kept apart. By phone and in person somebody was there; the website and the machine are no
# personal contact, so two more of them do not make the way of service automated or nobody's.
# (Row 001-08 also asks for the report by channel and the personal contacts in it; the tag waits.)

2024-04-01 09:00  ana  EnquiryMade      request=Q1 channel=PHONE
  => mode PERSONAL
2024-04-02 09:00  ana  EnquiryMade      request=Q2 channel=WEBSITE
2024-04-03 09:00  ana  EnquiryMade      request=Q3 channel=IN_PERSON
2024-04-04 09:00  ana  OutreachMade     outreach=O1 purpose=UPDATE channel=AUTOMATED
  => touched PHONE 1, WEBSITE 1, IN_PERSON 1, AUTOMATED 1
  => mode PERSONAL
  => timeline shows EnquiryMade Q1 channel=PHONE, timeline shows EnquiryMade Q2 channel=WEBSITE
  => timeline shows EnquiryMade Q3 channel=IN_PERSON
  => timeline shows OutreachMade O1 channel=AUTOMATED, timeline has 4 entries
