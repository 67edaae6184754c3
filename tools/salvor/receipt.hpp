#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

#include "tools/salvor/commands.hpp"
#include "tools/salvor/options.hpp"

// verify --receipt: that a sealed file is unchanged and whole, without a key that opens it.

namespace salvor::tool {

struct ReceiptArguments {
    std::string file;        ///< --receipt
    std::string public_key;  ///< --receipt-key, the file of one
};
void add_receipt(CLI::App& app, ReceiptArguments& arguments);

/// No: the file is not what the receipt is of, or was flawed when it was sealed. Errors: usage,
/// malformed, refused (signed by another key, or by nobody where a key was named).
Result<Answer> verify_by_receipt(const std::vector<std::string>& sources,
                                 const ReceiptArguments& arguments, Format format);

}  // namespace salvor::tool
