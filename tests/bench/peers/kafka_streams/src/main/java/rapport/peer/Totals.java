package rapport.peer;

import java.nio.ByteBuffer;

/**
 * What the peer remembers of a customer: 28 bytes, a small part of what Rapport's facts are.
 *
 * <pre>
 *   events (8) | sum of all purchases in micros (8) | days with a purchase (8) | last of them (4)
 * </pre>
 */
final class Totals {
  static final int SIZE = 28;

  private static final int PURCHASE_MADE = 10;
  private static final long MICROS_A_DAY = 86_400_000_000L;

  /** A reader for each stream thread. */
  private static final ThreadLocal<Wire[]> READERS =
      ThreadLocal.withInitial(() -> new Wire[] {new Wire(), new Wire(), new Wire()});

  private Totals() {}

  static byte[] none() {
    byte[] totals = new byte[SIZE];
    ByteBuffer.wrap(totals).putInt(24, Integer.MIN_VALUE);
    return totals;
  }

  /** The totals with one event more; a customer's events come in the order of their days. */
  static byte[] fold(byte[] event, byte[] totals) {
    Wire[] readers = READERS.get();
    Wire envelope = readers[0];
    long kind = 0;
    long occurredAt = 0;
    int payload = 0;
    int payloadEnd = 0;
    for (envelope.reset(event, 0, event.length); envelope.next(); ) {
      switch (envelope.field) {
        case 3 -> occurredAt = envelope.number;
        case 4 -> kind = envelope.number;
        case 5 -> {
          payload = envelope.begin;
          payloadEnd = envelope.end;
        }
        default -> { }
      }
    }
    ByteBuffer old = ByteBuffer.wrap(totals);
    boolean bought = kind == PURCHASE_MADE;
    int lastDay = old.getInt(24);
    int day = bought ? (int) Math.floorDiv(occurredAt, MICROS_A_DAY) : lastDay;
    byte[] now = new byte[SIZE];
    ByteBuffer.wrap(now)
        .putLong(old.getLong(0) + 1)
        .putLong(old.getLong(8) + (bought ? amountOf(event, payload, payloadEnd, readers) : 0))
        .putLong(old.getLong(16) + (day == lastDay ? 0 : 1))
        .putInt(day);
    return now;
  }

  private static long amountOf(byte[] event, int begin, int end, Wire[] readers) {
    Wire purchase = readers[1];
    Wire money = readers[2];
    for (purchase.reset(event, begin, end); purchase.next(); ) {
      if (purchase.field != 2) continue;
      for (money.reset(event, purchase.begin, purchase.end); money.next(); ) {
        if (money.field == 1) return money.number;
      }
    }
    return 0;
  }
}
