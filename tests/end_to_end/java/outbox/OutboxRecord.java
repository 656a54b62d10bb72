// Makes the record that Debezium would publish of a row in an outbox, by Debezium's own classes.
//
//   java -cp 'lib/*' OutboxRecord.java < lines
//
// A line is `config NAME VALUE`, a setting of the connector, or a column of the row: `text NAME
// VALUE`, or `bytea NAME HEXADECIMAL`; parted by tabs. Prints the record as ForeignProducer.java
// takes it: key, value in hexadecimal, headers as name=value, parted by tabs; before them the topic.
import io.debezium.data.Envelope;
import io.debezium.transforms.outbox.EventRouter;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;

public class OutboxRecord {
  private static final String TABLE = "shop.public.touchpoint_outbox";
  private final Map<String, String> config = new LinkedHashMap<>();
  private final Map<String, Object> row = new LinkedHashMap<>();

  public static void main(String[] arguments) throws Exception {
    OutboxRecord outbox = new OutboxRecord();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      outbox.take(line.split("\t", 3));
    }
    System.out.println(outbox.published());
  }

  private void take(String[] line) {
    switch (line[0]) {
      case "config" -> config.put(line[1], line[2]);
      case "text" -> row.put(line[1], line[2]);
      case "bytea" -> row.put(line[1], ByteBuffer.wrap(HexFormat.of().parseHex(line[2])));
      default -> throw new IllegalArgumentException(line[0]);
    }
  }

  // The row's insertion as the PostgreSQL connector hands it to its transforms.
  private SourceRecord inserted() {
    SchemaBuilder columns = SchemaBuilder.struct().name(TABLE + ".Value");
    row.forEach((name, value) -> columns.field(name,
        value instanceof String ? Schema.STRING_SCHEMA : Schema.BYTES_SCHEMA));
    Struct after = new Struct(columns.build());
    row.forEach(after::put);
    Schema source = SchemaBuilder.struct().field("ts_ms", Schema.INT64_SCHEMA).build();
    Envelope envelope = Envelope.defineSchema().withName(TABLE + ".Envelope")
        .withRecord(after.schema()).withSource(source).build();
    Struct change = envelope.create(after, new Struct(source).put("ts_ms", 0L), Instant.EPOCH);
    return new SourceRecord(Map.of(), Map.of(), TABLE, envelope.schema(), change);
  }

  private String published() throws Exception {
    SourceRecord record;
    try (EventRouter<SourceRecord> router = new EventRouter<>()) {
      router.configure(below("transforms.outbox."));
      record = router.apply(inserted());
    }
    byte[] key = converter("key").fromConnectData(record.topic(), record.keySchema(), record.key());
    byte[] value =
        converter("value").fromConnectData(record.topic(), record.valueSchema(), record.value());
    StringBuilder line = new StringBuilder(record.topic()).append('\t')
        .append(new String(key, StandardCharsets.UTF_8)).append('\t')
        .append(HexFormat.of().formatHex(value));
    HeaderConverter headers = (HeaderConverter) made("header.converter");
    for (Header header : record.headers()) {
      byte[] text = headers.fromConnectHeader(
          record.topic(), header.key(), header.schema(), header.value());
      line.append('\t').append(header.key()).append('=')
          .append(new String(text, StandardCharsets.UTF_8));
    }
    return line.toString();
  }

  private Converter converter(String part) throws Exception {
    Converter converter = (Converter) made(part + ".converter");
    converter.configure(below(part + ".converter."), part.equals("key"));
    return converter;
  }

  private Object made(String setting) throws Exception {
    return Class.forName(config.get(setting)).getDeclaredConstructor().newInstance();
  }

  // The settings whose names begin so, without that beginning.
  private Map<String, String> below(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    config.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), value);
      }
    });
    return found;
  }
}
