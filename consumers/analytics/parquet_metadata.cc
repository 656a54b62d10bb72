#include "consumers/analytics/parquet_metadata.h"

#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <memory>

namespace rapport::analytics {
namespace {

using apache::thrift::protocol::TCompactProtocolT;
using apache::thrift::protocol::TType;
using apache::thrift::transport::TMemoryBuffer;

// Numbers of the specification.
constexpr int32_t kDataPage = 0, kDictionaryPage = 2;
constexpr int32_t kBoolean = 0, kInt32 = 1, kInt64 = 2, kByteArray = 6;
constexpr int32_t kUtf8 = 0, kDate = 6, kTimestampMicros = 10;
constexpr int32_t kRequired = 0, kOptional = 1;
constexpr int32_t kZstd = 6;
constexpr int32_t kVersion = 2;

int32_t PhysicalType(ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return kByteArray;
    case ColumnType::kBool:
      return kBoolean;
    case ColumnType::kInt32:
    case ColumnType::kDay:
      return kInt32;
    default:
      return kInt64;
  }
}

// Writes one struct; fields ascend by id.
class Writer {
 public:
  Writer() : buffer_(std::make_shared<TMemoryBuffer>()), protocol_(buffer_) {
    protocol_.writeStructBegin("");
  }

  void Int32(int16_t id, int64_t value) {
    Begin(id, TType::T_I32);
    protocol_.writeI32(static_cast<int32_t>(value));
    protocol_.writeFieldEnd();
  }
  void Int64(int16_t id, int64_t value) {
    Begin(id, TType::T_I64);
    protocol_.writeI64(value);
    protocol_.writeFieldEnd();
  }
  void Bool(int16_t id, bool value) {
    Begin(id, TType::T_BOOL);
    protocol_.writeBool(value);
    protocol_.writeFieldEnd();
  }
  void Text(int16_t id, const std::string& value) {
    Begin(id, TType::T_STRING);
    protocol_.writeBinary(value);
    protocol_.writeFieldEnd();
  }
  template <typename Fill>
  void Struct(int16_t id, Fill fill) {
    Begin(id, TType::T_STRUCT);
    Element(fill);
    protocol_.writeFieldEnd();
  }
  // `fill` is called with each item; it writes one element.
  template <typename Items, typename Fill>
  void List(int16_t id, TType type, const Items& items, Fill fill) {
    Begin(id, TType::T_LIST);
    protocol_.writeListBegin(type, static_cast<uint32_t>(items.size()));
    for (const auto& item : items) fill(item);
    protocol_.writeListEnd();
    protocol_.writeFieldEnd();
  }
  template <typename Items, typename Fill>
  void Structs(int16_t id, const Items& items, Fill fill) {
    List(id, TType::T_STRUCT, items,
         [&](const auto& item) { Element([&](Writer&) { fill(item); }); });
  }
  TCompactProtocolT<TMemoryBuffer>& protocol() { return protocol_; }

  std::string Finish() {
    protocol_.writeFieldStop();
    protocol_.writeStructEnd();
    return buffer_->getBufferAsString();
  }

 private:
  void Begin(int16_t id, TType type) { protocol_.writeFieldBegin("", type, id); }
  template <typename Fill>
  void Element(Fill fill) {
    protocol_.writeStructBegin("");
    fill(*this);
    protocol_.writeFieldStop();
    protocol_.writeStructEnd();
  }

  std::shared_ptr<TMemoryBuffer> buffer_;
  TCompactProtocolT<TMemoryBuffer> protocol_;
};

void Nothing(Writer&) {}

// LogicalType is a union: the one field that is there says which type it is.
void WriteLogicalType(ColumnType type, Writer& writer) {
  if (type == ColumnType::kText) writer.Struct(1, Nothing);
  if (type == ColumnType::kDay) writer.Struct(6, Nothing);
  if (type == ColumnType::kMoment) {
    writer.Struct(8, [](Writer& timestamp) {
      timestamp.Bool(1, /*is_adjusted_to_utc=*/true);
      timestamp.Struct(2, [](Writer& unit) { unit.Struct(2, Nothing); });  // MICROS
    });
  }
}

// SchemaElement.
void WriteColumn(const Column& column, Writer& writer) {
  writer.Int32(1, PhysicalType(column.type));
  writer.Int32(3, column.optional ? kOptional : kRequired);
  writer.Text(4, column.name);
  if (column.type == ColumnType::kText) writer.Int32(6, kUtf8);
  if (column.type == ColumnType::kDay) writer.Int32(6, kDate);
  if (column.type == ColumnType::kMoment) writer.Int32(6, kTimestampMicros);
  const bool has_logical_type = column.type == ColumnType::kText ||
                                column.type == ColumnType::kDay ||
                                column.type == ColumnType::kMoment;
  if (has_logical_type) {
    writer.Struct(10, [&](Writer& logical) { WriteLogicalType(column.type, logical); });
  }
}

// ColumnMetaData.
void WriteChunk(const ParquetChunk& chunk, Writer& writer) {
  std::vector<ParquetEncoding> encodings = {ParquetEncoding::kPlain, ParquetEncoding::kRle};
  if (chunk.has_dictionary) encodings.push_back(ParquetEncoding::kRleDictionary);
  writer.Int32(1, PhysicalType(chunk.column.type));
  writer.List(2, TType::T_I32, encodings, [&](ParquetEncoding encoding) {
    writer.protocol().writeI32(static_cast<int32_t>(encoding));
  });
  writer.List(3, TType::T_STRING, std::vector<std::string>{chunk.column.name},
              [&](const std::string& name) { writer.protocol().writeBinary(name); });
  writer.Int32(4, kZstd);
  writer.Int64(5, chunk.rows);
  writer.Int64(6, chunk.bytes_plain);
  writer.Int64(7, chunk.bytes_compressed);
  writer.Int64(9, chunk.data_offset);
  if (chunk.has_dictionary) writer.Int64(11, chunk.offset);
  writer.Struct(12, [&](Writer& statistics) {
    statistics.Int64(3, chunk.nulls);
    if (!chunk.range.has_value()) return;
    statistics.Text(5, chunk.range->second);
    statistics.Text(6, chunk.range->first);
  });
}

void WriteRowGroup(const ParquetRowGroup& group, Writer& writer) {
  int64_t bytes_plain = 0, bytes_compressed = 0;
  for (const ParquetChunk& chunk : group.chunks) {
    bytes_plain += chunk.bytes_plain;
    bytes_compressed += chunk.bytes_compressed;
  }
  writer.Structs(1, group.chunks, [&](const ParquetChunk& chunk) {
    writer.Int64(2, chunk.offset);
    writer.Struct(3, [&](Writer& metadata) { WriteChunk(chunk, metadata); });
  });
  writer.Int64(2, bytes_plain);
  writer.Int64(3, group.rows);
  writer.Int64(5, group.chunks.front().offset);
  writer.Int64(6, bytes_compressed);
}

void WritePage(int32_t type, const ParquetPage& page, Writer& writer) {
  writer.Int32(1, type);
  writer.Int32(2, static_cast<int64_t>(page.bytes_plain));
  writer.Int32(3, static_cast<int64_t>(page.bytes_compressed));
}

}  // namespace

std::string DataPageHeader(const ParquetPage& page) {
  Writer writer;
  WritePage(kDataPage, page, writer);
  writer.Struct(5, [&](Writer& header) {
    header.Int32(1, static_cast<int64_t>(page.values));
    header.Int32(2, static_cast<int32_t>(page.encoding));
    header.Int32(3, static_cast<int32_t>(ParquetEncoding::kRle));
    header.Int32(4, static_cast<int32_t>(ParquetEncoding::kRle));
  });
  return writer.Finish();
}

std::string DictionaryPageHeader(const ParquetPage& page) {
  Writer writer;
  WritePage(kDictionaryPage, page, writer);
  writer.Struct(7, [&](Writer& header) {
    header.Int32(1, static_cast<int64_t>(page.values));
    header.Int32(2, static_cast<int32_t>(ParquetEncoding::kPlain));
  });
  return writer.Finish();
}

std::string ParquetFooter(const Columns& columns, const std::vector<ParquetRowGroup>& groups,
                          const std::vector<std::pair<std::string, std::string>>& metadata,
                          const std::string& created_by) {
  int64_t rows = 0;
  for (const ParquetRowGroup& group : groups) rows += group.rows;
  // The root, of which the columns are the children, stands before them: null.
  std::vector<const Column*> schema = {nullptr};
  for (const Column& column : columns) schema.push_back(&column);
  Writer writer;
  writer.Int32(1, kVersion);
  writer.Structs(2, schema, [&](const Column* column) {
    if (column != nullptr) return WriteColumn(*column, writer);
    writer.Text(4, "schema");
    writer.Int32(5, static_cast<int64_t>(columns.size()));
  });
  writer.Int64(3, rows);
  writer.Structs(4, groups, [&](const ParquetRowGroup& group) { WriteRowGroup(group, writer); });
  writer.Structs(5, metadata, [&](const auto& entry) {
    writer.Text(1, entry.first);
    writer.Text(2, entry.second);
  });
  writer.Text(6, created_by);
  // Values are ordered as their types are: what minimum and maximum mean.
  writer.Structs(7, columns, [&](const Column&) { writer.Struct(1, Nothing); });
  return writer.Finish();
}

}  // namespace rapport::analytics
