# What the customer needs is no longer what we have.
#
# From each of the other four stages it ends at that moment. Whoever buys again is out of it, and for
# half a year marked as won back. What is heard of before it ends is only a warning.
# (Row 004-19 also asks for the win-back in between; the tag waits for that policy.)

2024-01-01 09:00  aware     AwarenessShown      form=READ
  => stage AWARENESS
2024-01-01 09:00  exploring EnquiryMade         request=Q1
  => stage EXPLORATION
2024-01-01 09:00  growing   PurchaseMade        order=A1 amount=20.00EUR
2024-01-01 09:00  loyal     PurchaseMade        order=A1 amount=20.00EUR
2024-01-15 09:00  growing   PurchaseMade        order=A2 amount=20.00EUR
  => stage EXPANSION
2024-01-15 09:00  loyal     PurchaseMade        order=A2 amount=20.00EUR
2024-01-29 09:00  loyal     PurchaseMade        order=A3 amount=20.00EUR
2024-02-12 09:00  loyal     PurchaseMade        order=A4 amount=20.00EUR
2024-02-26 09:00  loyal     PurchaseMade        order=A5 amount=20.00EUR
  => stage COMMITMENT
2024-03-01 09:00  loyal     RequirementChanged  what=volume
  => flag LOOKING_AROUND because RequirementChanged volume, stage COMMITMENT
2024-03-05 09:00  aware     RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
2024-03-05 09:00  exploring RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
2024-03-05 09:00  growing   RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
2024-03-05 09:00  loyal     RelationshipEnded   by=CUSTOMER reason=REQUIREMENT
  => stage DISSOLUTION because S2 and because RelationshipEnded, reason REQUIREMENT
as of 2024-03-05 08:59
  => aware: stage AWARENESS
  => exploring: stage EXPLORATION
  => growing: stage EXPANSION
  => loyal: stage COMMITMENT
2024-05-01 09:00  loyal     PurchaseMade        order=A6 amount=20.00EUR
  => not stage DISSOLUTION, flag WON_BACK because PurchaseMade A6
2024-06-01 09:00  loyal     PurchaseMade        order=A7 amount=20.00EUR
2024-07-01 09:00  loyal     PurchaseMade        order=A8 amount=20.00EUR
2024-08-01 09:00  loyal     PurchaseMade        order=A9 amount=20.00EUR
2024-10-01 09:00  loyal     PurchaseMade        order=A10 amount=20.00EUR
at 2024-10-30
  => stage COMMITMENT, flag WON_BACK
at 2024-10-31
  => stage COMMITMENT, no flag WON_BACK
2024-05-01 09:00  aware     PurchaseMade        order=A1 amount=20.00EUR  logged 2024-11-01 09:00
  => not reason REQUIREMENT
as of 2024-05-02
  => aware: stage EXPLORATION because S7, flag WON_BACK because PurchaseMade A1
