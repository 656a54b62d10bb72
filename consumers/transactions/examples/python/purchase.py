"""The purchase that all examples publish, as the `Event` of proto/rapport/v1/event.proto."""
import datetime

from rapport.v1.commerce_pb2 import PurchaseMade
from rapport.v1.event_pb2 import Event
from rapport.v1.kind_pb2 import KIND_PURCHASE_MADE
from rapport.v1.money_pb2 import Money

BOUGHT_AT = datetime.datetime(2024, 3, 31, 10, 15, tzinfo=datetime.timezone.utc)


def purchase():
    """Order 1001 of customer cust-0311: 64.20 pounds."""
    bought = PurchaseMade(order="1001", amount=Money(micros=64_200_000, currency="GBP"))
    return Event(event_id="shop:1001", customer_id="cust-0311", source="shop",
                 occurred_at_us=int(BOUGHT_AT.timestamp()) * 1_000_000,
                 kind=KIND_PURCHASE_MADE, payload=bought.SerializeToString())
