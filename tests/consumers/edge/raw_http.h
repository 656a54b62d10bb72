// RawHttp: a client that writes bytes as they are and reads what comes back, to misbehave with.
//
//   RawHttp client(door->port());
//   client.Write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
//   EXPECT_EQ(client.ReadAnswer().status, 200);
//
// Threads: one. Errors: a connection that fails reads as its end; waits end after ten seconds.
#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace rapport::edge {

class RawHttp {
 public:
  struct Answer {
    // 0 when none came.
    int status = 0;
    std::string head;
    std::string body;
  };

  explicit RawHttp(int port);
  ~RawHttp();
  RawHttp(const RawHttp&) = delete;
  RawHttp& operator=(const RawHttp&) = delete;

  // False when the other side has gone.
  bool Write(absl::string_view bytes);
  // No more will be written.
  void EndWriting();

  // One answer, by its Content-Length; one without goes on to the end.
  Answer ReadAnswer(bool is_head = false);
  // Waits until `text` came; all that was read by then.
  std::string ReadUntil(absl::string_view text);
  std::string ReadToEnd();
  // Whether the other side closes it, and sends nothing before.
  bool IsClosed();

 private:
  bool ReadMore();

  int socket_ = -1;
  std::string read_;
};

// `GET PATH`, with what is added to its head.
std::string Get(absl::string_view path, absl::string_view headers = "");
// `POST PATH` with a body in JSON.
std::string Post(absl::string_view path, absl::string_view body, absl::string_view headers = "");

}  // namespace rapport::edge
