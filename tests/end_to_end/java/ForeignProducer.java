// A publisher that knows nothing of Rapport: Kafka's own Java client with its default partitioner.
//
//   java -cp 'libs/*' ForeignProducer.java BROKERS TOPIC < records
//
// A line is one record: key, value in hexadecimal, then headers as name=value, all parted by tabs.
// It ends with status 0 when every record is acknowledged.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public class ForeignProducer {
  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", arguments[0]);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sent.add(producer.send(recordOf(arguments[1], line.split("\t"))));
      }
      for (Future<RecordMetadata> acknowledged : sent) {
        acknowledged.get();
      }
    }
    System.out.println(sent.size());
  }

  private static ProducerRecord<byte[], byte[]> recordOf(String topic, String[] fields) {
    byte[] key = fields[0].getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, key, HexFormat.of().parseHex(fields[1]));
    for (int i = 2; i < fields.length; ++i) {
      int equals = fields[i].indexOf('=');
      byte[] value = fields[i].substring(equals + 1).getBytes(StandardCharsets.UTF_8);
      record.headers().add(fields[i].substring(0, equals), value);
    }
    return record;
  }
}
