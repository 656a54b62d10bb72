// Publishes one purchase straight to Kafka.
//
//   node publish.js BROKERS TOPIC PROTO_FOLDER
const path = require("path");
const { Kafka, Partitioners } = require("kafkajs");
const protobuf = require("protobufjs");

const [brokers, topic, protoFolder] = process.argv.slice(2);
const boughtAt = new Date("2024-03-31T10:15:00Z");

// The messages, read from our .proto files; what these import of Google's comes with protobufjs.
async function loadMessages() {
  const root = new protobuf.Root();
  const bundled = path.dirname(require.resolve("protobufjs/package.json"));
  root.resolvePath = (_, name) =>
    path.join(name.startsWith("google/") ? bundled : protoFolder, name);
  return root.load(["rapport/v1/event.proto", "rapport/v1/commerce.proto"]);
}

// Order 1001 of customer cust-0311: 64.20 pounds.
function purchase(messages) {
  const bought = messages.lookupType("rapport.v1.PurchaseMade").encode({
    order: "1001", amount: { micros: 64200000, currency: "GBP" },
  }).finish();
  return {
    eventId: "shop:1001", customerId: "cust-0311", source: "shop",
    occurredAtUs: boughtAt.getTime() * 1000,
    kind: messages.lookupEnum("rapport.v1.Kind").values.KIND_PURCHASE_MADE, payload: bought,
  };
}

// What any reader of CloudEvents understands without our messages.
function cloudEventHeaders(event) {
  return {
    "content-type": "application/protobuf", ce_specversion: "1.0", ce_id: event.eventId,
    ce_source: event.source, ce_type: "rapport.v1.PurchaseMade",
    ce_time: boughtAt.toISOString().replace(".000Z", "Z"), ce_subject: event.customerId,
  };
}

async function main() {
  const messages = await loadMessages();
  const event = purchase(messages);
  const value = messages.lookupType("rapport.v1.Event").encode(event).finish();
  const kafka = new Kafka({ clientId: "shop", brokers: brokers.split(",") });
  // The default partitioner is Java's murmur2; naming it silences a warning.
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const [sent] = await producer.send({
    topic, messages: [{ key: event.customerId, value, headers: cloudEventHeaders(event) }],
  });
  await producer.disconnect();
  console.log(`partition ${sent.partition}, offset ${sent.baseOffset}`);
}

main().catch((error) => {
  console.error(`not published: ${error.message}`);
  process.exit(1);
});
