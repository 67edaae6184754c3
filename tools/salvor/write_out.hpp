#pragma once

#include <cstdint>
#include <initializer_list>

namespace CLI {
class App;
}

namespace salvor::tool {

/// The outputs of etcdctl that `keys` and its kin have.
enum class WriteOut : std::uint8_t { simple, json, fields, table };

/// etcdctl's `-w`, and `-o` as every command has it: text is simple. `taken` are the outputs that
/// the command has.
void add_write_out(CLI::App& app, WriteOut& write_out, std::initializer_list<WriteOut> taken);
/// etcdctl's `--hex`.
void add_hex(CLI::App& app, bool& hex, const char* what);

}  // namespace salvor::tool
