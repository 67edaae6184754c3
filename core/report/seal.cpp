#include "core/report/seal.hpp"

#include <nlohmann/json.hpp>

#include "core/report/page.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

std::string size_and_digest(const seal::Bytes256& bytes) {
    return fmt::format("{}, SHA-256 {}", text::human_size(bytes.size), bytes.sha256);
}

void add_manifest(Page& page, const seal::Manifest& manifest) {
    page.fact("snapshot", size_and_digest(manifest.snapshot));
    const auto rows = fmt::format("{} live, {} kept", text::counted(manifest.keys, "key", "keys"),
                                  text::counted(manifest.revisions, "revision", "revisions"));
    page.fact("revision", manifest.revision
                              ? fmt::format("{}; {}", *manifest.revision, rows)
                              : "not known, part of it could not be read; of the rest " + rows);
    if (manifest.taken_at) {
        const bool known = manifest.taken_certainty == "notBefore";
        page.fact("taken", fmt::format("{}{}: {}", known ? "not before " : "perhaps ",
                                       text::escape(*manifest.taken_at),
                                       text::escape(manifest.taken_evidence.value_or(""))));
    }
    if (manifest.kubernetes)
        page.fact("Kubernetes", fmt::format("{}, {} objects", text::escape(*manifest.kubernetes),
                                            manifest.objects));
    page.fact("backup", manifest.backup == "sound"
                            ? "sound when it was sealed, it restores as it is"
                            : "FLAWED when it was sealed: `salvor verify` tells where");
}

Json with(Json out, const seal::Bytes256& file, const seal::Manifest& manifest) {
    out["sealed"] = {{"size", file.size}, {"sha256", file.sha256}};
    out["manifest"] = Json::parse(to_json(manifest));
    return out;
}

std::string line(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string seal_text(const Sealing& sealing) {
    const auto& [file, manifest] = sealing.sealed;
    Page page;
    page.title(fmt::format("{} -> {}", text::escape(sealing.source), text::escape(sealing.to)));
    page.gap();
    page.fact("sealed", size_and_digest(file));
    page.fact("for", text::counted(sealing.recipients, "recipient", "recipients"));
    add_manifest(page, manifest);
    page.fact("read back", "from the disk, opened to the end: the snapshot's very bytes");
    if (!sealing.receipt.empty())
        page.fact("receipt", fmt::format("{}, {}", text::escape(sealing.receipt),
                                         sealing.is_signed ? "signed" : "not signed"));
    return page.take();
}

std::string seal_json(const Sealing& sealing) {
    Json out{{"source", text::escape(sealing.source)}, {"file", text::escape(sealing.to)}};
    out["recipients"] = sealing.recipients;
    if (!sealing.receipt.empty())
        out["receipt"] = {{"file", text::escape(sealing.receipt)}, {"signed", sealing.is_signed}};
    return line(with(std::move(out), sealing.sealed.file, sealing.sealed.manifest));
}

std::string receipt_text(const std::string& source, const seal::Receipt& receipt,
                         bool signer_asked) {
    Page page;
    page.title(fmt::format("{}: UNCHANGED and whole, as its receipt has it", text::escape(source)));
    page.gap();
    page.fact("sealed", size_and_digest(receipt.sealed));
    page.fact("signed", receipt.signed_by
                            ? fmt::format("by {}{}", envelope::ssh_public_key(*receipt.signed_by),
                                          signer_asked ? ", as --receipt-key asks"
                                                       : "; whose key that is, --receipt-key asks")
                            : "by nobody: whoever changes the file can write such a receipt");
    page.fact("made", fmt::format("{} by {}", text::escape(receipt.manifest.sealed_at),
                                  text::escape(receipt.manifest.made_by)));
    add_manifest(page, receipt.manifest);
    return page.take();
}

std::string receipt_json(const std::string& source, const seal::Receipt& receipt) {
    Json out{{"source", text::escape(source)}, {"unchanged", true}};
    out["signedBy"] =
        receipt.signed_by ? Json(envelope::ssh_public_key(*receipt.signed_by)) : Json(nullptr);
    return line(with(std::move(out), receipt.sealed, receipt.manifest));
}

std::string changed_json(const std::string& source, const std::string& why) {
    return line({{"source", text::escape(source)}, {"unchanged", false}, {"why", why}});
}

}  // namespace salvor::report
