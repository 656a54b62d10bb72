# They look around on the net, and ask their friends.
#
# (Row 001-11 also asks for the mentions to be counted in the report on word of mouth; the tag waits
# for it.)

2024-03-01 20:00  ana  AwarenessShown  form=READ channel=WEBSITE
  => stage AWARENESS because S5 and because AwarenessShown
2024-03-02 20:00  ana  AwarenessShown  form=MENTION channel=FACEBOOK
  => stage AWARENESS because S5 and because AwarenessShown last
  => timeline shows AwarenessShown form=MENTION channel=FACEBOOK
  => counted AwarenessShown 2, loyalty 0, type NONE
