# Points, tiers, and what expires.
#
# Ana joins, earns 500 points and becomes silver; 200 are used, and 100 of the rest expire at the end
# of March. Nobody needs to say so: on that day 200 are left. The next to expire are said in April.
covers: 003-16

2024-01-08 09:00  ana  MembershipChanged  programme=beans tier=bronze
  => metric memberships[beans].tier bronze, memberships[beans].balance 0
2024-02-08 09:00  ana  MembershipChanged  programme=beans tier=silver balance=500 expiring=100 expires_at=2024-04-01
  => metric memberships[beans].tier silver, memberships[beans].balance 500
2024-03-08 09:00  ana  MembershipChanged  programme=beans tier=silver balance=300 expiring=100 expires_at=2024-04-01
  => metric memberships[beans].balance 300, memberships[beans].expiring 100
  => metric memberships[beans].next_expiry_us 2024-04-01
at 2024-04-01
  => metric memberships[beans].tier silver, memberships[beans].balance 200
  => no metric memberships[beans].next_expiry_us
2024-04-08 09:00  ana  MembershipChanged  programme=beans tier=silver balance=200 expiring=50 expires_at=2024-07-01
  => metric memberships[beans].balance 200, memberships[beans].next_expiry_us 2024-07-01
