//go:build tools

// Names the generator of the message code, so that go.mod pins its version too.
package main

import _ "google.golang.org/protobuf/cmd/protoc-gen-go"
