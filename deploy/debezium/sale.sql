-- The transaction of one sale: order 1001 of customer cust-0311, 64.20 pounds.
--
-- `sale` stands for whatever the shop writes. The event's bytes come out of the shop's program,
-- which encodes rapport.v1.Event as the examples in consumers/transactions/examples do.
begin;

insert into sale (order_number, customer_id, paid, currency)
values ('1001', 'cust-0311', 64.20, 'GBP');

insert into touchpoint_outbox (event_id, customer_id, event, ce_source, ce_type, ce_time)
values (
  'shop:1001',
  'cust-0311',
  '\x0a0973686f703a313030311209637573742d303331311900314225f2140600200a2a120a0431303031120a08c0bace1e1203474250320473686f70',
  'shop',
  'rapport.v1.PurchaseMade',
  '2024-03-31T10:15:00Z'
);

-- The row may go at once: Debezium reads its insertion, and skips its end.
delete from touchpoint_outbox where event_id = 'shop:1001';

commit;
