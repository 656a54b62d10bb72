"""Publishes one purchase to a server over gRPC.

    publish_grpc.py SERVER

Sent again it is answered STATUS_DUPLICATE with the first position, so after a timeout just send
again.
"""
import sys

import grpc
from rapport.v1.publish_pb2 import PublishItem, PublishRequest, PublishResult
from rapport.v1.publish_pb2_grpc import PublishServiceStub

from purchase import purchase


def main(server):
    with grpc.insecure_channel(server) as channel:
        request = PublishRequest(item=PublishItem(event=purchase()))
        try:
            result = PublishServiceStub(channel).Publish(request, timeout=30).result
        except grpc.RpcError as error:
            raise SystemExit(f"not published: {error.code().name}: {error.details()}") from error
    if result.status == PublishResult.STATUS_REJECTED:
        raise SystemExit(f"refused: {result.error.message}")
    print(PublishResult.Status.Name(result.status), result.position)


if __name__ == "__main__":
    main(*sys.argv[1:])
