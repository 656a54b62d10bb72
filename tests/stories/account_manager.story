# A dedicated representative, and then another one.
#
# On the first day Paula looks after the key account, from day 100 on Quentin does. Asked about day 50
# it is Paula still, with everything that was owed then.
covers: 004-10

2024-01-01 09:00  acme  AccountManagerAssigned  agent=paula key_account=yes
  => mode DEDICATED, owner paula, flag KEY_ACCOUNT because AccountManagerAssigned paula
2024-02-15 09:00  acme  EnquiryMade             request=Q1 topic=prices
  => owed answer assigned paula
2024-04-10 09:00  acme  AccountManagerAssigned  agent=quentin key_account=yes
  => mode DEDICATED, owner quentin, flag KEY_ACCOUNT because AccountManagerAssigned quentin
2024-04-10 10:00  acme  EnquiryMade             request=Q2 topic=delivery
  => owed answer for Q2 assigned quentin
as of 2024-02-20
  => mode DEDICATED, owner paula, flag KEY_ACCOUNT because AccountManagerAssigned paula
  => owed answer for Q1 assigned paula
as of 2024-04-10 10:00
  => mode DEDICATED, owner quentin, owed answer for Q2 assigned quentin
2024-05-01 09:00  acme  AccountManagerAssigned  agent="" key_account=no
  => no owner, no flag KEY_ACCOUNT, not mode DEDICATED
