# They look around on the net, and ask their friends.
#
# What a friend said is word of mouth, what ana read is not.
# (Row 001-11 asks for both as the reason of the stage; of one kind only the latest is remembered, so
# each is named in its turn, and the tag waits.)

2024-03-01 20:00  ana  AwarenessShown  form=READ channel=WEBSITE
  => stage AWARENESS because S5 and because AwarenessShown
2024-03-02 20:00  ana  AwarenessShown  form=MENTION channel=FACEBOOK
  => stage AWARENESS because S5 and because AwarenessShown last
  => timeline shows AwarenessShown form=MENTION channel=FACEBOOK
  => report word_of_mouth rows 1, report word_of_mouth HEARD FACEBOOK mentions 1 heard 1 said 0 because AwarenessShown last
  => counted AwarenessShown 2, loyalty 0, type NONE
