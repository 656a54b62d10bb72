package rapport.peer;

import java.io.FileInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/**
 * Folds a topic of events with Kafka Streams: per customer the totals of his purchases, in a
 * RocksDB store with a changelog, as Kafka Streams builds one by itself.
 *
 * <pre>
 *   java -cp 'classes:libs/*' rapport.peer.Peer SETTINGS BROKERS TOPIC STATE_DIRECTORY
 * </pre>
 *
 * It ends when all that the topic held at the start is folded, and prints one line: the time from
 * the first record to the last, that of its second half, that until all is durable, and the sums.
 * SETTINGS holds settings of Kafka Streams; those that begin with `peer.` are for the script.
 */
public final class Peer {
  private static final String STORE = "totals";
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Properties settings = new Properties();
  private final String topic;
  private long wanted;

  private final AtomicLong seen = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile long firstNanos;
  private volatile long halfNanos;
  private volatile long lastNanos;

  private Peer(String[] arguments) throws Exception {
    try (FileInputStream file = new FileInputStream(arguments[0])) {
      settings.load(file);
    }
    settings.keySet().removeIf(name -> name.toString().startsWith("peer."));
    topic = arguments[2];
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "peer-" + ProcessHandle.current().pid());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[1]);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[3]);
    settings.put("auto.offset.reset", "earliest");
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4) {
      System.err.println("say SETTINGS BROKERS TOPIC STATE_DIRECTORY");
      System.exit(2);
    }
    System.exit(new Peer(arguments).run() ? 0 : 1);
  }

  private boolean run() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.get("bootstrap.servers")))) {
      wanted = recordsNow(admin);
      try (KafkaStreams streams = new KafkaStreams(topology(), settings)) {
        streams.setUncaughtExceptionHandler(error -> {
          error.printStackTrace();
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        if (!awaitAll(streams)) return false;
        Sums sums = sumsOf(streams);
        long closing = System.nanoTime();
        streams.close();
        long closed = System.nanoTime() - closing;
        System.out.printf(
            "ns=%d second_half_ns=%d durable_ns=%d %s%n", lastNanos - firstNanos,
            lastNanos - halfNanos, lastNanos - firstNanos + closed, sums);
      }
      admin.deleteTopics(List.of(settings.get("application.id") + "-" + STORE + "-changelog"))
          .all().get();
    }
    return true;
  }

  private Topology topology() {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(topic, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .groupByKey(Grouped.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .aggregate(
            Totals::none,
            (customer, event, totals) -> fold(event, totals),
            Materialized.<byte[], byte[], KeyValueStore<Bytes, byte[]>>as(STORE)
                .withKeySerde(Serdes.ByteArray())
                .withValueSerde(Serdes.ByteArray()));
    return builder.build();
  }

  private byte[] fold(byte[] event, byte[] totals) {
    byte[] now = Totals.fold(event, totals);
    long number = seen.incrementAndGet();
    if (number == 1) firstNanos = System.nanoTime();
    if (number == wanted - wanted / 2) halfNanos = System.nanoTime();
    if (number == wanted) {
      lastNanos = System.nanoTime();
      done.countDown();
    }
    return now;
  }

  private long recordsNow(Admin admin) throws Exception {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    Map<TopicPartition, OffsetSpec> begins = new HashMap<>();
    for (TopicPartitionInfo partition :
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions()) {
      ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
      begins.put(new TopicPartition(topic, partition.partition()), OffsetSpec.earliest());
    }
    long records = 0;
    for (var end : admin.listOffsets(ends).all().get().values()) records += end.offset();
    for (var begin : admin.listOffsets(begins).all().get().values()) records -= begin.offset();
    return records;
  }

  /** False when it failed, or nothing was folded for long. */
  private boolean awaitAll(KafkaStreams streams) throws InterruptedException {
    long before = -1;
    long since = System.nanoTime();
    while (!done.await(100, TimeUnit.MILLISECONDS)) {
      if (streams.state() == KafkaStreams.State.ERROR) return false;
      if (seen.get() != before) {
        before = seen.get();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
        System.err.println("stands at " + before + " of " + wanted + " records");
        return false;
      }
    }
    return true;
  }

  /** The last record may still be on its way into the store when it was folded. */
  private Sums sumsOf(KafkaStreams streams) throws InterruptedException {
    Sums sums = sumsNow(streams);
    for (int tries = 0; sums.events() != wanted && tries < 500; ++tries) {
      Thread.sleep(10);
      sums = sumsNow(streams);
    }
    return sums;
  }

  private static Sums sumsNow(KafkaStreams streams) {
    ReadOnlyKeyValueStore<byte[], byte[]> store =
        streams.store(
            StoreQueryParameters.fromNameAndType(STORE, QueryableStoreTypes.keyValueStore()));
    Sums sums = new Sums();
    try (KeyValueIterator<byte[], byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<byte[], byte[]> customer = all.next();
        sums.add(customer.key, customer.value);
      }
    }
    return sums;
  }
}
