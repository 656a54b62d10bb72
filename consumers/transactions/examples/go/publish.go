// Publishes one purchase straight to Kafka.
//
//	publish BROKERS TOPIC
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	v1 "example/rapportv1"
	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/protobuf/proto"
)

var boughtAt = time.Date(2024, 3, 31, 10, 15, 0, 0, time.UTC)

// Order 1001 of customer cust-0311: 64.20 pounds.
func purchase() *v1.Event {
	paid := &v1.Money{Micros: 64_200_000, Currency: "GBP"}
	payload, err := proto.Marshal(&v1.PurchaseMade{Order: "1001", Amount: paid})
	check(err)
	return &v1.Event{EventId: "shop:1001", CustomerId: "cust-0311", Source: "shop",
		OccurredAtUs: boughtAt.UnixMicro(), Kind: v1.Kind_KIND_PURCHASE_MADE, Payload: payload}
}

// What any reader of CloudEvents understands without our messages.
func cloudEventHeaders(event *v1.Event) (headers []kgo.RecordHeader) {
	for _, header := range [][2]string{
		{"content-type", "application/protobuf"}, {"ce_specversion", "1.0"},
		{"ce_id", event.EventId}, {"ce_source", event.Source},
		{"ce_type", "rapport.v1.PurchaseMade"}, {"ce_time", boughtAt.Format(time.RFC3339)},
		{"ce_subject", event.CustomerId}} {
		headers = append(headers, kgo.RecordHeader{Key: header[0], Value: []byte(header[1])})
	}
	return headers
}

func main() {
	event := purchase()
	value, err := proto.Marshal(event)
	check(err)
	// The default partitioner is Java's murmur2, and the producer is idempotent.
	client, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(os.Args[1], ",")...))
	check(err)
	defer client.Close()
	sent, err := client.ProduceSync(context.Background(), &kgo.Record{Topic: os.Args[2],
		Key: []byte(event.CustomerId), Value: value, Headers: cloudEventHeaders(event)}).First()
	check(err)
	fmt.Printf("partition %d, offset %d\n", sent.Partition, sent.Offset)
}

func check(err error) {
	if err != nil {
		log.Fatalf("not published: %v", err)
	}
}
