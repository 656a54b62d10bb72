-- The outbox in the database of the shop. A row is written in the transaction of the sale, so that
-- the sale and its touchpoint are both there or both not; Debezium publishes it from the
-- write-ahead log. Columns that begin with ce_ become headers of the record.
create table touchpoint_outbox (
  event_id       text  primary key,  -- the shop's own key of what happened
  customer_id    text  not null,     -- the record's key, which chooses its partition
  event          bytea not null,     -- the bytes of rapport.v1.Event, which are the record's value
  ce_source      text  not null,
  ce_type        text  not null,     -- the message in the event, such as rapport.v1.PurchaseMade
  ce_time        text  not null,     -- when it happened, RFC 3339 in UTC
  ce_specversion text  not null default '1.0',
  content_type   text  not null default 'application/protobuf'
);
