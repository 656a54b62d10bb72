package rapport.peer;

import java.nio.ByteBuffer;

/**
 * The totals of all customers, added up, to be compared with those of other programs. The
 * fingerprint is the sum of a hash of each customer's name and totals (FNV-1a, 64 bits), so that
 * none can have what is another's.
 */
final class Sums {
  private long customers;
  private long events;
  private long micros;
  private long days;
  private long fingerprint;

  void add(byte[] customer, byte[] totals) {
    ByteBuffer of = ByteBuffer.wrap(totals);
    ++customers;
    events += of.getLong(0);
    micros += of.getLong(8);
    days += of.getLong(16);
    long hash = 0xcbf29ce484222325L;
    for (byte b : customer) hash = step(hash, b);
    for (int i = 0; i < 24; ++i) hash = step(hash, totals[i]);
    fingerprint += hash;
  }

  long events() {
    return events;
  }

  private static long step(long hash, byte b) {
    return (hash ^ (b & 0xff)) * 0x100000001b3L;
  }

  @Override
  public String toString() {
    return String.format(
        "customers=%d events=%d micros=%d days=%d fingerprint=%016x",
        customers, events, micros, days, fingerprint);
  }
}
