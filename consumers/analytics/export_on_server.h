// ExportOnServer: a table as a file of the server, for who does not wait for it.
//
//   RETURN_IF_ERROR(CheckExport(request));
//   RETURN_IF_ERROR(ExportOnServer(engine, call, walks, request, folder, file));
//
// Threads: any. Errors: those of StreamBase, ReplayArchive and export_writer.h; RESOURCE_EXHAUSTED
//          (DISK_LOW) below the reserve of the disk. Whatever ends it leaves no file.
#pragma once

#include <string>

#include "consumers/edge/call.h"
#include "consumers/edge/turns.h"
#include "engine/engine.h"
#include "rapport/v1/operation_request.pb.h"

namespace rapport::analytics {

// INVALID_ARGUMENT (FIELD_INVALID) for what names no table, or asks of events what no file has.
absl::Status CheckExport(const v1::ExportRequest& request);

// Writes `folder/TABLE/TABLE.parquet`, replacing what a life before may have left there. The path
// in `file` is the whole one.
absl::Status ExportOnServer(const Engine& engine, const edge::Call& call, edge::Turns& walks,
                            const v1::ExportRequest& request, const std::string& folder,
                            v1::ExportedFile& file);

}  // namespace rapport::analytics
