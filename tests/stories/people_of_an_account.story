# The people of a client company: met once a quarter, and missed when a role is left.
#
# Paula looks after Acme, whose decision maker, buyer and users are known. Ninety days after she took
# over a meeting is due within a week, and again ninety days after each. One of two users leaves: the
# role is still held. The decision maker leaves: somebody finds out who comes after her. Asked about the
# day before, she is there. The successor ends it.
covers: 004-42

2024-01-08 09:00  acme  AccountManagerAssigned  agent=paula key_account=yes
2024-01-09 09:00  acme  ContactPersonRecorded   person=dora role=decision-maker
2024-01-09 09:01  acme  ContactPersonRecorded   person=bert role=buyer
2024-01-09 09:02  acme  ContactPersonRecorded   person=uma role=user
2024-01-09 09:03  acme  ContactPersonRecorded   person=ulf role=user
  => no follow-up successor
  => metric roles 3, roles[decision-maker].people dora, roles[buyer].people bert, roles[user].people ulf+uma
at 2024-04-07 08:59
  => no follow-up account_review
at 2024-04-07 09:00
  => due account_review assigned paula opened 2024-04-07 09:00 from 2024-04-07 09:00 by 2024-04-14 09:00 until 2024-05-07 09:00 because AccountManagerAssigned paula
  => due account_review carrying PERSON dora carrying PERSON bert carrying PERSON uma carrying PERSON ulf
2024-04-08 09:00  acme  OutreachMade            outreach=O1 purpose=CHECK channel=IN_PERSON
  => due account_review
at 2024-04-14 08:59
  => due account_review
at 2024-04-14 09:00
  => overdue account_review
2024-04-15 09:00  acme  MeetingHeld             meeting=M1 attendees=dora,paula
  => no follow-up account_review
2024-05-06 09:00  acme  ContactPersonRecorded   person=uma role=user left=yes
  => no follow-up successor
2024-05-07 09:00  acme  ContactPersonRecorded   person=dora role=decision-maker left=yes
  => due successor for dora assigned paula opened 2024-05-07 09:00 from 2024-05-07 09:00 by 2024-05-21 09:00 until 2024-08-05 09:00 because ContactPersonRecorded dora last
  => due successor carrying PERSON bert carrying PERSON ulf
  => no follow-up successor carrying PERSON dora, no follow-up successor carrying PERSON uma
  => metric roles[decision-maker].vacant yes, roles[decision-maker].vacant_since_day 2024-05-07
as of 2024-05-07 08:59
  => no follow-up successor
  => metric roles[decision-maker].people dora, roles[decision-maker].vacant no
as of 2024-04-14 09:00
  => overdue account_review carrying PERSON dora
2024-05-08 09:00  acme  ContactPersonRecorded   person=bea role=buyer
  => due successor for dora
at 2024-05-21 08:59
  => due successor
at 2024-05-21 09:00
  => overdue successor
2024-05-22 09:00  acme  ContactPersonRecorded   person=dan role=decision-maker
  => no follow-up successor
# 90 days after the meeting of 15 April.
at 2024-07-14 08:59
  => no follow-up account_review
at 2024-07-14 09:00
  => due account_review because MeetingHeld M1
  => due account_review carrying PERSON dan carrying PERSON bert carrying PERSON bea carrying PERSON ulf
at 2024-08-13 08:59
  => overdue account_review
at 2024-08-13 09:00
  => expired account_review until 2024-08-13 09:00
2024-08-20 09:00  acme  ContactPersonRecorded   person=dan role=decision-maker left=yes
at 2024-11-18 08:59
  => overdue successor for dan
at 2024-11-18 09:00
  => expired successor for dan
2024-11-18 10:00  acme  AccountManagerAssigned  agent="" key_account=yes
  => no follow-up account_review
# Nobody looks after Acme any more, so nobody owes a meeting.
at 2025-02-16 10:00
  => no follow-up account_review
