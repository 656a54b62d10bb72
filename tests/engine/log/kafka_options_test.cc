#include "engine/log/kafka_options.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "engine/log/kafka_client.h"
#include "tests/kit/status_matchers.h"

namespace rapport::log {
namespace {

using ::rapport::kit::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(KafkaOptionsTest, ConnectionSecurityAndSizesMayBeSet) {
  EXPECT_OK(CheckKafkaProperty("security.protocol", "sasl_ssl"));
  EXPECT_OK(CheckKafkaProperty("ssl.ca.location", "/etc/ssl/ca.pem"));
  EXPECT_OK(CheckKafkaProperty("fetch.message.max.bytes", "1000000"));
}

TEST(KafkaOptionsTest, ForeignCodeAndSwitchedOffChecksAreRefused) {
  EXPECT_THAT(CheckKafkaProperty("plugin.library.paths", "x.so"), StatusIs(kInvalid, "foreign"));
  EXPECT_THAT(CheckKafkaProperty("sasl.kerberos.kinit.cmd", "sh"), StatusIs(kInvalid, "foreign"));
  EXPECT_THAT(CheckKafkaProperty("ssl.engine.location", "x.so"), StatusIs(kInvalid, "foreign"));
  EXPECT_THAT(CheckKafkaProperty("enable.ssl.certificate.verification", "false"),
              StatusIs(kInvalid, "always verified"));
  EXPECT_THAT(CheckKafkaProperty("ssl.endpoint.identification.algorithm", "none"),
              StatusIs(kInvalid, "always verified"));
}

TEST(KafkaOptionsTest, WhatTheLogRestsOnCannotBeChanged) {
  EXPECT_THAT(CheckKafkaProperty("isolation.level", "read_uncommitted"), StatusIs(kInvalid, ""));
  EXPECT_THAT(CheckKafkaProperty("check.crcs", "false"), StatusIs(kInvalid, ""));
  EXPECT_THAT(CheckKafkaProperty("acks", "0"), StatusIs(kInvalid, ""));
}

TEST(KafkaOptionsTest, SecretsComeFromFilesOnly) {
  EXPECT_THAT(CheckKafkaProperty("sasl.password", "hunter2"), StatusIs(kInvalid, "_file"));
  KafkaOptions options{.brokers = "127.0.0.1:1"};
  options.properties["sasl.password_file"] = testing::TempDir() + "/no_such_password";
  EXPECT_THAT(KafkaClient::New(options, {}), StatusIs(absl::StatusCode::kNotFound, "FILE_MISSING"));
  const std::string path = testing::TempDir() + "/kafka_options_test_password";
  std::ofstream(path) << "hunter2\n";
  options.properties["sasl.password_file"] = path;
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_THAT(KafkaClient::New(options, {}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "FILE_EXPOSED: others than its owner may use the file of "
                       "kafka.properties.\"sasl.password_file\""));
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_OK(KafkaClient::New(options, {}));
}

TEST(KafkaOptionsTest, AKeyThatOthersMayReadIsRefused) {
  KafkaOptions options{.brokers = "127.0.0.1:1"};
  const std::string path = testing::TempDir() + "/kafka_options_test_key";
  std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\n";
  options.properties["ssl.key.location"] = path;
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  EXPECT_THAT(KafkaClient::New(options, {}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "FILE_EXPOSED: others than its owner may use the file of "
                       "kafka.properties.\"ssl.key.location\""));
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_OK(KafkaClient::New(options, {}));
}

TEST(KafkaOptionsTest, BrokersAndTopicMustBeNamed) {
  EXPECT_THAT(CheckKafkaOptions({}), StatusIs(kInvalid, "--brokers"));
  EXPECT_THAT(CheckKafkaOptions({.brokers = "b", .topic = ""}), StatusIs(kInvalid, "topic"));
}

}  // namespace
}  // namespace rapport::log
