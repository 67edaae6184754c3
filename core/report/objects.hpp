#pragma once

#include <functional>
#include <string>

#include "core/cluster/present.hpp"

// Kubernetes objects as kubectl prints them, one after another into a stream: no list is ever held
// in memory.

namespace salvor::report {

enum class ObjectFormat { yaml, json, jsonl, name };

/// Where finished text goes, a few hundred kilobytes at a time.
using TextSink = std::function<void(Bytes)>;

class ObjectPrinter {
 public:
    virtual ~ObjectPrinter() = default;
    /// Fields that no table knows go to `unknown` as well. Errors: those of Cluster::open_object
    /// and Presenter::tell; what is printed is then as if it had not been called.
    virtual Result<void> add(const cluster::Candidate& candidate,
                             cluster::UnknownFields& unknown) = 0;
    /// Ends the answer; nothing may follow. Error: usage (a path that does not fit the objects).
    virtual Result<void> finish() = 0;
};

/// As one document: the one object that is added, or a List of all.
enum class Answer { one_object, list };
/// The presenter must outlive the printer.
std::unique_ptr<ObjectPrinter> object_printer(const cluster::Presenter& presenter,
                                              ObjectFormat format, Answer answer, TextSink sink);

}  // namespace salvor::report
