#include "tests/bench/rapport_bench/kafka_handle.h"

#include "engine/base/check.h"

namespace rapport::bench {
namespace {

void CountFailure(rd_kafka_t*, const rd_kafka_message_t* message, void* failures) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<int64_t*>(failures);
}

}  // namespace

Handle NewHandle(rd_kafka_type_t type, const std::map<std::string, std::string>& properties,
                 int64_t* failures) {
  char reason[256];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : properties) {
    const auto set = rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof(reason));
    RAPPORT_CHECK(set == RD_KAFKA_CONF_OK) << reason;
  }
  if (failures != nullptr) {
    rd_kafka_conf_set_opaque(conf, failures);
    rd_kafka_conf_set_dr_msg_cb(conf, &CountFailure);
  }
  Handle handle(rd_kafka_new(type, conf, reason, sizeof(reason)));
  RAPPORT_CHECK(handle != nullptr) << reason;
  return handle;
}

}  // namespace rapport::bench
