#pragma once

#include <optional>
#include <string>

#include "core/timeline/keyspace.hpp"
#include "core/upstream/status.hpp"

// Answers in etcdutl's shapes, byte for byte. Source: etcd etcdutl/etcdutl/printer*.go

namespace salvor::tool::standin {

enum class Shape { simple, fields, json, protobuf, table };
std::optional<Shape> parse_shape(Bytes word);

/// Protobuf is a shape that neither answer has: both give nullopt for it.
std::optional<std::string> shaped(const upstream::Status& status, Shape shape, etcd::Line line);
std::optional<std::string> shaped(const timeline::HashKv& hash, Shape shape, etcd::Line line);

/// "25 kB": as go-humanize, powers of 1000.
std::string human_size(std::uint64_t bytes);

}  // namespace salvor::tool::standin
