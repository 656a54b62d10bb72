# The channel that suits the customer.
#
# Ana answers three mails and lets the phone ring: mail suits her, and that is what we suggest. Then
# she says that she would rather be called, and from then on it is the phone. A refused channel is
# never the one.
covers: 000-11

2024-05-01 09:00  ana  OutreachMade        outreach=O1 purpose=UPDATE channel=EMAIL
2024-05-01 12:00  ana  OutreachAnswered    outreach=O1 purpose=UPDATE answer=YES channel=EMAIL
2024-05-08 09:00  ana  OutreachMade        outreach=O2 purpose=UPDATE channel=EMAIL
2024-05-08 12:00  ana  OutreachAnswered    outreach=O2 purpose=UPDATE answer=YES channel=EMAIL
2024-05-15 09:00  ana  OutreachMade        outreach=O3 purpose=ASSIST channel=EMAIL
2024-05-15 12:00  ana  OutreachAnswered    outreach=O3 purpose=ASSIST answer=NO channel=EMAIL
2024-05-20 09:00  ana  OutreachMade        outreach=O4 purpose=ASSIST channel=PHONE reached=no
  => metric channels.preferred EMAIL, channels.stated no, channels.evidence 3
  => metric channels.channels[PHONE].customer_touches 0
2024-05-22 09:00  ana  EnquiryMade         request=Q1
  => owed answer through EMAIL
2024-05-22 10:00  ana  PreferenceRecorded  key=channel value=phone
  => metric channels.preferred PHONE, channels.stated yes
  => owed answer through PHONE
2024-05-22 11:00  ana  ConsentChanged      key=PHONE granted=no
  => metric channels.preferred EMAIL, channels.stated no, channels.channels[PHONE].refused yes
  => owed answer through EMAIL
