# A community: somebody joins, writes, helps others, and leaves.
#
# Three things done among the members make it that sort of relationship. Who leaves is no member any
# more; what was done there stays and counts. Each of the three things is a reason by itself: of the weight
# of 3000 each has 1000, the last is named by the receipt, and leaving adds nothing and takes nothing away.
covers: 003-07

2024-04-01 09:00  ben  CommunityActed  community=forum form=JOINED
  => metric memberships[forum].community yes, metric memberships[forum].left no
  => type NONE
2024-04-01 10:00  ben  CommunityActed  community=forum form=POSTED
2024-04-01 11:00  ben  CommunityActed  community=forum form=ANSWERED request=Q1 asker=ana
  => type COMMUNITY because CommunityActed last, share community 1000
  => weight community of CommunityActed first 1000, weight community of CommunityActed last 1000
  => weight community of CommunityActed forum 3000
  => insight community community forum acts 3 joined 1 posts 1 answers 1 because CommunityActed first and because CommunityActed last
  => remember share community as active
2024-04-01 12:00  ben  CommunityActed  community=forum form=LEFT
  => metric memberships[forum].left yes
  => type COMMUNITY, share community 1000
  => weight community of CommunityActed forum 3000, weight community of CommunityActed last 0
  => insight community community forum acts 4 joined 1 posts 1 answers 1 left 1
  => timeline has 4 entries, timeline shows CommunityActed forum form=JOINED
  => timeline shows CommunityActed forum form=POSTED
  => timeline shows CommunityActed forum form=ANSWERED request=Q1 asker=ana
