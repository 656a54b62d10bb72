// Publishes one purchase straight to Kafka.
//
//   Publish BROKERS TOPIC
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import rapport.v1.Commerce.PurchaseMade;
import rapport.v1.EventOuterClass.Event;
import rapport.v1.KindOuterClass.Kind;
import rapport.v1.MoneyOuterClass.Money;

public class Publish {
  private static final Instant BOUGHT_AT = Instant.parse("2024-03-31T10:15:00Z");

  // Order 1001 of customer cust-0311: 64.20 pounds.
  private static Event purchase() {
    Money amount = Money.newBuilder().setMicros(64_200_000).setCurrency("GBP").build();
    PurchaseMade bought = PurchaseMade.newBuilder().setOrder("1001").setAmount(amount).build();
    return Event.newBuilder().setEventId("shop:1001").setCustomerId("cust-0311").setSource("shop")
        .setOccurredAtUs(BOUGHT_AT.getEpochSecond() * 1_000_000)
        .setKind(Kind.KIND_PURCHASE_MADE).setPayload(bought.toByteString()).build();
  }

  // What any reader of CloudEvents understands without our messages.
  private static Map<String, String> cloudEventHeaders(Event event) {
    return Map.of("content-type", "application/protobuf", "ce_specversion", "1.0",
        "ce_id", event.getEventId(), "ce_source", event.getSource(),
        "ce_type", "rapport.v1.PurchaseMade", "ce_time", BOUGHT_AT.toString(),
        "ce_subject", event.getCustomerId());
  }

  public static void main(String[] arguments) throws Exception {
    Event event = purchase();
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(arguments[1], event.getCustomerId(), event.toByteArray());
    cloudEventHeaders(event).forEach((name, value) ->
        record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    // The default partitioner is murmur2 of the key, and the producer is idempotent.
    try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", arguments[0]),
        new StringSerializer(), new ByteArraySerializer())) {
      RecordMetadata sent = producer.send(record).get();
      System.out.println("partition " + sent.partition() + ", offset " + sent.offset());
    }
  }
}
