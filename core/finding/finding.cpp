#include "core/finding/finding.hpp"

namespace salvor {

const char* name(Severity severity) {
    switch (severity) {
        case Severity::note: return "note";
        case Severity::warning: return "warning";
        case Severity::error: return "error";
    }
    return "unknown";
}

const char* name(Subject subject) {
    return subject == Subject::backup ? "backup" : "cluster";
}

const char* name(Layer layer) {
    switch (layer) {
        case Layer::envelope: return "envelope";
        case Layer::page: return "page";
        case Layer::tree: return "tree";
        case Layer::record: return "record";
        case Layer::revision: return "revision";
        case Layer::wal: return "wal";
        case Layer::object: return "object";
        case Layer::reference: return "reference";
    }
    return "unknown";
}

}  // namespace salvor
