# What takes something back comes before it, or takes back the taking back.
#
# A retraction waits for the event it names, however late that one comes. It is final: taking a
# retraction back does nothing, and who wants the event again sends it under a new id. A correction
# that is taken back leaves the event as it was. docs/contradictions.md lists these cases.

2024-03-01 09:00  ana  PurchaseMade    order=A1 amount=20.00EUR id=till:1
2024-03-01 10:00  ana  EventRetracted  target_event_id=till:2 id=back:2
  => purchase days 1
2024-03-02 09:00  ana  PurchaseMade    order=A2 amount=30.00EUR id=till:2
  => purchase days 1, spent 20.00EUR
2024-03-03 09:00  ana  EventRetracted  target_event_id=back:2
  => purchase days 1, spent 20.00EUR
2024-03-04 09:00  ana  PurchaseMade    order=A2 amount=30.00EUR id=till:3
  => purchase days 2, spent 50.00EUR
# Taken back what nobody ever sent.
2024-03-05 09:00  ana  EventRetracted  target_event_id=never:1
  => purchase days 2, spent 50.00EUR
