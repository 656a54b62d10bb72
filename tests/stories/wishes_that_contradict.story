# Wishes and words that do not go together.
#
# A refusal goes before a wish, a refusal of everything before a single yes, and a channel that nobody
# has before none. docs/contradictions.md lists these cases.

# She wants to be called, by a channel that there is not; then by phone; then not by phone.
2024-03-04 09:00  ana  EnquiryMade          request=Q1 channel=EMAIL
2024-03-04 09:01  ana  PreferenceRecorded   key=channel value=PIGEON
  => owed answer through EMAIL, prefers channel PIGEON
2024-03-04 09:02  ana  PreferenceRecorded   key=channel value=PHONE
  => owed answer through PHONE
2024-03-04 09:03  ana  ConsentChanged       key=PHONE granted=no
  => owed answer through EMAIL, prefers channel PHONE
2024-03-04 09:04  ana  ConsentChanged       key=EMAIL granted=no
  => owed answer, not owed answer through EMAIL, not owed answer through PHONE
# A yes to one sort of message does not lift a no to everything; what is owed is owed all the same.
2024-03-04 09:05  ana  ConsentChanged       key=THANKS granted=yes
2024-03-04 09:06  ana  ConsentChanged       key=all granted=no
2024-03-04 10:00  ana  PurchaseMade         order=A1 amount=20.00EUR
  => suppressed thank_you by OPTED_OUT, owed answer
  => flag OPTED_OUT
2024-03-04 11:00  ana  ConsentChanged       key=all granted=yes
  => owed thank_you, no flag OPTED_OUT

# A key account that nobody looks after is a key account, and nobody looks after it.
2024-03-05 09:00  acme  AccountManagerAssigned  agent="" key_account=yes
  => flag KEY_ACCOUNT, no owner, not mode DEDICATED
# An expectation that was due before it was set is missed at once.
2024-03-06 09:00  acme  ExpectationSet          expectation=E1 due_at=2024-03-01
  => flag LET_DOWN because ExpectationSet E1
# An answer to what we never said, and a recommendation that led to a purchase and was never made:
# the customer did something, though our side of it is missing.
2024-03-07 09:00  ben   OutreachAnswered        outreach=O9 purpose=CHECK answer=YES
  => dialogue > 0 because OutreachAnswered O9
2024-03-07 10:00  ben   ReferralConverted       referral=R9 order=X1
  => advocacy > 0 because ReferralConverted R9
