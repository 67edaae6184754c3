#include "tools/salvor/commands/leases.hpp"

#include <algorithm>
#include <charconv>

#include "core/snapshot/records.hpp"
#include "core/timeline/state.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/out_stream.hpp"
#include "tools/salvor/store.hpp"
#include "tools/salvor/write_out.hpp"

// Source: etcd etcdctl/ctlv3/command/{lease_command,printer_simple,printer_fields}.go,
// client/v3/lease.go

namespace salvor::tool::leases {
namespace {

using timeline::Attachment;

struct Options {
    std::string source;
    std::optional<std::string> id;
    bool keys = false;
    bool hex = false;
    WriteOut write_out = WriteOut::simple;
};

/// A lease as a server would show it that starts from the file now.
struct Shown {
    std::int64_t id;
    std::int64_t ttl;      ///< seconds left; -1: there is no such lease
    std::int64_t granted;  ///< seconds
    std::span<const Attachment> keys;
};

std::string hex_id(std::int64_t id) {
    return fmt::format("{:016x}", id);
}

Shown show(const etcd::Lease& lease, const std::vector<Attachment>& attachments) {
    const auto by_id = [](const auto& a, const auto& b) { return a.lease < b.lease; };
    const auto [from, to] =
        std::equal_range(attachments.begin(), attachments.end(), Attachment{lease.id, {}}, by_id);
    return {
        lease.id, lease.remaining_ttl > 0 ? lease.remaining_ttl : lease.ttl, lease.ttl, {from, to}};
}

Result<std::int64_t> parse_id(const std::string& word) {
    std::int64_t id = 0;
    const char* end = word.data() + word.size();
    const auto [next, error] = std::from_chars(word.data(), end, id, 16);
    if (error != std::errc{} || next != end) {
        return fail(ErrorCode::usage,
                    "leases: {} is no lease id: hex, as `salvor leases` lists them",
                    text::escape(word));
    }
    return id;
}

class Printer {
 public:
    Printer(const Options& options, std::int64_t revision)
        : options_(options), revision_(revision) {}

    void ids(const std::vector<Shown>& leases) {
        if (json()) out_ << "{\"revision\":" << revision_ << ",\"leases\":[";
        if (fields()) header();
        if (simple()) out_ << "found " << std::uint64_t{leases.size()} << " leases\n";
        for (const auto& lease : leases) {
            if (json())
                out_ << (&lease == leases.data() ? "{\"id\":" : ",{\"id\":") << lease.id << "}";
            if (fields()) field_id(lease);
            if (simple()) out_ << hex_id(lease.id) << "\n";
        }
        if (json()) out_ << "]}\n";
    }

    void one(const Shown& lease) {
        if (json()) {
            out_ << "{\"revision\":" << revision_ << ",";
            members(lease);
            out_ << "}\n";
        } else if (fields()) {
            header();
            all_fields(lease);
        } else {
            line(lease);
        }
    }

    /// etcdctl has no such list: it holds what it says of each.
    void all(const std::vector<Shown>& leases) {
        if (json()) out_ << "{\"revision\":" << revision_ << ",\"leases\":[";
        if (fields()) header();
        for (const auto& lease : leases) {
            if (json()) {
                out_ << (&lease == leases.data() ? "{" : ",{");
                members(lease);
                out_ << "}";
            } else {
                fields() ? all_fields(lease) : line(lease);
            }
        }
        if (json()) out_ << "]}\n";
    }

 private:
    bool json() const { return options_.write_out == WriteOut::json; }
    bool fields() const { return options_.write_out == WriteOut::fields; }
    bool simple() const { return options_.write_out == WriteOut::simple; }

    void header() { out_ << "\"Revision\" : " << revision_ << "\n"; }
    void field_id(const Shown& lease) {
        out_ << "\"ID\" : " << (options_.hex ? hex_id(lease.id) : std::to_string(lease.id)) << "\n";
    }

    void members(const Shown& lease) {
        out_ << "\"id\":" << lease.id << ",\"ttl\":" << lease.ttl
             << ",\"granted-ttl\":" << lease.granted << ",\"keys\":";
        if (!options_.keys || lease.keys.empty()) {
            out_ << "null";
            return;
        }
        for (const auto& attached : lease.keys) {
            out_ << (&attached == lease.keys.data() ? "[" : ",");
            out_.base64(attached.key);
        }
        out_ << "]";
    }

    void all_fields(const Shown& lease) {
        field_id(lease);
        out_ << "\"TTL\" : " << lease.ttl << "\n\"GrantedTTL\" : " << lease.granted << "\n";
        if (!options_.keys) return;
        for (const auto& attached : lease.keys) {
            out_ << "\"Key\" : ";
            out_.quoted(attached.key);
            out_ << "\n";
        }
    }

    void line(const Shown& lease) {
        if (lease.ttl == -1 && lease.granted == 0) {
            out_ << "lease " << hex_id(lease.id) << " already expired\n";
            return;
        }
        out_ << "lease " << hex_id(lease.id) << " granted with TTL(" << lease.granted
             << "s), remaining(" << lease.ttl << "s)";
        if (options_.keys) {
            out_ << ", attached keys([";
            for (const auto& attached : lease.keys) {
                if (&attached != lease.keys.data()) out_ << " ";
                out_.raw(attached.key);
            }
            out_ << "])";
        }
        out_ << "\n";
    }

    const Options& options_;
    std::int64_t revision_;
    OutStream out_;
};

Result<Answer> run(const Options& options) {
    std::optional<std::int64_t> id;
    if (options.id) {
        SALVOR_TRY(id, parse_id(*options.id));
    }
    SALVOR_TRY(const auto store, Store::open(options.source));
    SALVOR_TRY(const auto stored, salvor::leases(store.db()));
    std::vector<Attachment> attachments;
    if (options.keys) {
        SALVOR_TRY(attachments, timeline::attachments(store.db()));
    }
    std::vector<Shown> leases;
    for (const auto& lease : stored) leases.push_back(show(lease, attachments));
    // As a server lists them: the first to expire first.
    std::stable_sort(leases.begin(), leases.end(),
                     [](const auto& a, const auto& b) { return a.ttl < b.ttl; });

    Printer print(options, store.revision());
    if (id) {
        const auto found =
            std::find_if(leases.begin(), leases.end(), [&](const auto& l) { return l.id == *id; });
        print.one(found != leases.end() ? *found : Shown{*id, -1, 0, {}});
        return found != leases.end() ? Answer::yes : Answer::no;
    }
    options.keys ? print.all(leases) : print.ids(leases);
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto options = std::make_shared<Options>();
    add_source(app, options->source);
    add_positional(app, "ID", options->id, "what this lease grants, in place of all leases' ids");
    add_flag(app, "--keys", options->keys, "name the attached keys; without ID of all leases");
    add_hex(app, options->hex, "with -w fields, print ids in hex");
    add_write_out(app, options->write_out, {WriteOut::simple, WriteOut::json, WriteOut::fields});
    return [options] { return on_source(options->source, run(*options)); };
}

}  // namespace salvor::tool::leases
