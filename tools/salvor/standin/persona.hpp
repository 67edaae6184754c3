#pragma once

#include <string>

#include "formats/base/result.hpp"
#include "formats/etcd/version.hpp"
#include "tools/salvor/commands.hpp"

// etcdutl, as scripts know it: under its own name (a symbolic link) all of its command line, as
// `salvor snapshot` and `salvor hashkv` these commands and `--as LINE` besides.

namespace salvor::tool::standin {

/// Upstream's exit statuses. Source: etcd pkg/cobrautl/error.go
enum class Exit { done = 0, error = 1, unsupported_format = 4, bad_arguments = 128 };

/// `Error: ` and the text on stderr, as upstream says it.
int say(Exit exit, std::string_view text);
/// What upstream keeps to itself.
void remark(std::string_view text);

int run_as_etcdutl(Words words);
int run_as_salvor(Words words);

}  // namespace salvor::tool::standin
