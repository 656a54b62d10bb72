# Partners, for as long as the agreement runs.
#
# Acme signs an agreement between businesses with goals that both share. We know three of its people
# by their roles, the goal and how far it is, and what each side gives. When the agreement ends the
# partnership does too; people and goals stay known.
covers: 003-06

2024-01-08 09:00  acme  PurchaseMade           order=A1 amount=5000.00EUR
2024-01-08 10:00  acme  ContactPersonRecorded  person=p1 role=decision-maker
2024-01-08 11:00  acme  ContactPersonRecorded  person=p2 role=buyer
2024-01-08 12:00  acme  ContactPersonRecorded  person=p3 role=user
  => not type PARTNERSHIP
2024-01-15 09:00  acme  AgreementSigned        agreement=G1 b2b=yes shared_goals=yes
  => type PARTNERSHIP
2024-01-15 10:00  acme  JointGoalSet           goal=less-waste
2024-02-15 10:00  acme  SolutionBuilt          goal=less-waste
2024-02-16 10:00  acme  TrainingGiven          training=T1 topic=waste cost=400.00EUR
  => type PARTNERSHIP
  => metric roles 3
  => metric roles[decision-maker].people p1, roles[buyer].people p2, roles[user].people p3
  => metric objectives[less-waste].joint yes because JointGoalSet less-waste
  => metric objectives[less-waste].set_day 2024-01-15
  => metric objectives[less-waste].solutions 1 because SolutionBuilt less-waste
  => metric reciprocity.received_centi 5000.00, reciprocity.given_centi 400.00
2024-06-30 10:00  acme  AgreementEnded         agreement=G1
  => not type PARTNERSHIP
  => metric roles 3, objectives 1
