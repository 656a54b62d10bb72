package rapport.peer;

/**
 * Reads the fields of a protobuf message in place, without making objects: the quickest way there
 * is, so that decoding does not weigh on the comparison.
 *
 * <pre>
 *   Wire event = new Wire();
 *   for (event.reset(bytes, 0, bytes.length); event.next(); ) {
 *     if (event.field == 3) at = event.number;
 *   }
 * </pre>
 */
final class Wire {
  /** Of the field that {@link #next} came to; 0 behind the last. */
  int field;
  /** Its value, when it is a number. */
  long number;
  /** Where its bytes are, when it is bytes, a text or a message. */
  int begin;
  int end;

  private byte[] bytes;
  private int at;
  private int limit;

  void reset(byte[] of, int from, int to) {
    bytes = of;
    at = from;
    limit = to;
  }

  boolean next() {
    if (at >= limit) {
      field = 0;
      return false;
    }
    int tag = (int) varint();
    field = tag >>> 3;
    switch (tag & 7) {
      case 0 -> number = varint();
      case 1 -> number = fixed(8);
      case 2 -> {
        int length = (int) varint();
        begin = at;
        end = at += length;
      }
      case 5 -> number = fixed(4);
      default -> throw new IllegalArgumentException("no such wire type: " + (tag & 7));
    }
    return true;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte piece = bytes[at++];
      value |= (long) (piece & 0x7f) << shift;
      if (piece >= 0) return value;
    }
  }

  private long fixed(int size) {
    long value = 0;
    for (int i = 0; i < size; ++i) value |= (bytes[at + i] & 0xffL) << (8 * i);
    at += size;
    return value;
  }
}
