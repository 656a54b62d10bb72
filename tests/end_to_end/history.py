"""Made-up shop histories as touchpoint JSON objects: the same seed, the same events.

    events = shop_history(seed=7, customers=40, events=1000)

All four groups of touchpoints that are folded: purchases and reversals, complaints, outreach,
referrals. No two events share an id; ids name the seed, so that histories can be joined.
"""
import datetime
import random

BEGIN = datetime.datetime(2023, 1, 1, tzinfo=datetime.timezone.utc)
SPAN_SECONDS = 500 * 86400
CHANNELS = ("CHANNEL_WEBSITE", "CHANNEL_EMAIL", "CHANNEL_PHONE", "CHANNEL_CHAT")


def moment(seconds):
    return (BEGIN + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(micros):
    return {"micros": str(micros), "currency": "GBP"}


def detail(dice, number):
    """What happened: the name of the touchpoint's field and its value."""
    order, kind = f"o{number}", dice.randrange(100)
    if kind < 60:
        amount = dice.randrange(1, 30_000) * 10_000
        item = {"sku": f"sku-{dice.randrange(50)}",
                "quantityMilli": str(dice.randrange(1, 5) * 1000),
                "amount": money(amount)}
        return "purchaseMade", {"order": order, "amount": money(amount), "items": [item]}
    if kind < 66:
        earlier = f"o{dice.randrange(number + 1)}"
        return "purchaseReversed", {"order": earlier,
                                    "amount": money(dice.randrange(1, 900) * 10_000),
                                    "form": "REVERSAL_FORM_RETURN"}
    case = f"c{number // 20}"
    if kind < 72:
        return "complaintRaised", {"case": case, "severity": dice.randrange(1, 4)}
    if kind < 78:
        return "complaintAcknowledged", {"case": case}
    if kind < 84:
        return "complaintResolved", {"case": case, "remedy": "refund"}
    if kind < 92:
        return "thanksGiven", {}
    return "referralMade", {"referral": f"r{number}", "form": "REFERRAL_FORM_RECOMMENDATION",
                            "consent": True}


def event_of(dice, seed, number, customers):
    name, value = detail(dice, number)
    return {"eventId": f"h{seed}:{number}", "customerId": f"cust-{dice.randrange(customers)}",
            "occurredAt": moment(dice.randrange(SPAN_SECONDS)), "source": "shop",
            "channel": dice.choice(CHANNELS), name: value}


def shop_history(seed, customers, events):
    """So many events of so many customers, not in the order of time."""
    dice = random.Random(seed)
    return [event_of(dice, seed, number, customers) for number in range(events)]


def shuffled(events, seed):
    """The same events in another order."""
    copy = list(events)
    random.Random(seed).shuffle(copy)
    return copy
