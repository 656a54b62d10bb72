// MethodTable: every method of the contract with who may call it and what answers; the doors serve
// what stands here and nothing else.
//
//   MethodTable table;
//   table.Add("rapport.v1.PublishService.Publish", &service, &PublishService::Publish);
//   RETURN_IF_ERROR(table.CheckComplete());
//
// A method of a service is one of
//   absl::Status M(const Call&, const Request&, Response&);                     one answer
//   absl::Status M(const Call&, const Request&, Sink<Response>&);               a stream of them
//   absl::Status M(const Call&, Source<Request>&, Sink<Response>&);             streams both ways
//
// Threads:   filled by one thread, then read by any.
// Ownership: borrows the services.
// Errors:    CheckComplete: FAILED_PRECONDITION names the method that lacks a role, a path or an
//            answer. A name or type that is not the contract's is a broken invariant.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "consumers/edge/call.h"

namespace rapport::edge {

struct Method {
  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  // Each of them is enough.
  std::vector<Role> roles;
  const google::protobuf::Message* request = nullptr;
  const google::protobuf::Message* response = nullptr;

  // Exactly one of the three is set.
  std::function<absl::Status(const Call&, const google::protobuf::Message&,
                             google::protobuf::Message&)>
      answer;
  std::function<absl::Status(const Call&, const google::protobuf::Message&, MessageSink&)> stream;
  std::function<absl::Status(const Call&, MessageSource&, MessageSink&)> converse;

  // Whether a request is answered from memory, without waiting for anything; null = never.
  std::function<bool(const google::protobuf::Message&)> is_quick;
};

class MethodTable {
 public:
  template <typename Service, typename Request, typename Response>
  Method& Add(absl::string_view name, Service* service,
              absl::Status (Service::*method)(const Call&, const Request&, Response&)) {
    Method& entry = Insert(name, Request::default_instance(), Response::default_instance());
    entry.answer = [service, method](const Call& call, const google::protobuf::Message& request,
                                     google::protobuf::Message& response) {
      return (service->*method)(call, static_cast<const Request&>(request),
                                static_cast<Response&>(response));
    };
    return entry;
  }

  template <typename Service, typename Request, typename Response>
  Method& Add(absl::string_view name, Service* service,
              absl::Status (Service::*method)(const Call&, const Request&, Sink<Response>&)) {
    Method& entry = Insert(name, Request::default_instance(), Response::default_instance());
    entry.stream = [service, method](const Call& call, const google::protobuf::Message& request,
                                     MessageSink& sink) {
      Sink<Response> typed(&sink);
      return (service->*method)(call, static_cast<const Request&>(request), typed);
    };
    return entry;
  }

  template <typename Service, typename Request, typename Response>
  Method& Add(absl::string_view name, Service* service,
              absl::Status (Service::*method)(const Call&, Source<Request>&, Sink<Response>&)) {
    Method& entry = Insert(name, Request::default_instance(), Response::default_instance());
    entry.converse = [service, method](const Call& call, MessageSource& source, MessageSink& sink) {
      Source<Request> requests(&source);
      Sink<Response> responses(&sink);
      return (service->*method)(call, requests, responses);
    };
    return entry;
  }

  // Every method of every service of which one method is there is there, has a role of the
  // contract's list, and a verb and path unless the caller streams.
  absl::Status CheckComplete() const;

  // `/rapport.v1.PublishService/Publish`; null when there is none.
  const Method* Find(absl::string_view path) const;
  const std::map<std::string, Method, std::less<>>& methods() const { return methods_; }

 private:
  Method& Insert(absl::string_view name, const google::protobuf::Message& request,
                 const google::protobuf::Message& response);

  // By path.
  std::map<std::string, Method, std::less<>> methods_;
};

}  // namespace rapport::edge
