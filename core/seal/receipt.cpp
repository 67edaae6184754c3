#include "core/seal/receipt.hpp"

#include <nlohmann/json.hpp>

#include "formats/base/checksum.hpp"
#include "formats/kube/special.hpp"

namespace salvor::seal {
namespace {

using Json = nlohmann::ordered_json;

struct Parts {
    std::string text, signature, public_key;
};

Result<Parts> parts_of(Bytes file) {
    const auto json = Json::parse(file, nullptr, false);
    const auto text = [&](const char* name) {
        const auto at = json.find(name);
        return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
    };
    if (json.is_object() && !text("signed").empty())
        return Parts{text("signed"), text("signature"), text("publicKey")};
    return fail(ErrorCode::malformed, "it is no receipt of salvor seal");
}

Result<std::string> signer_of(const Parts& parts) {
    SALVOR_TRY(auto key, envelope::parse_public_key(parts.public_key));
    const auto signature = kube::parse_base64(parts.signature);
    if (signature && envelope::signature_holds(key, parts.text, *signature)) return key;
    return fail(ErrorCode::refused, "the receipt's signature does not hold: it was changed");
}

}  // namespace

Result<std::string> to_json(const Receipt& receipt, const envelope::SigningKey* key) {
    const Json sealed{{"size", receipt.sealed.size}, {"sha256", receipt.sealed.sha256}};
    const auto text =
        Json{{"sealed", sealed}, {"manifest", Json::parse(to_json(receipt.manifest))}}.dump();
    Json out{{"signed", text}};
    if (key) {
        SALVOR_TRY(const auto signature, key->sign(text));
        out["signature"] = kube::base64(signature);
        out["publicKey"] = envelope::ssh_public_key(key->public_key());
    }
    return out.dump() + "\n";
}

Result<Receipt> parse_receipt(Bytes file) {
    SALVOR_TRY(const auto parts, parts_of(file));
    Receipt receipt;
    if (!parts.signature.empty()) {
        SALVOR_TRY(receipt.signed_by, signer_of(parts));
    }
    const auto json = Json::parse(parts.text, nullptr, false);
    try {
        const auto& sealed = json.at("sealed");
        receipt.sealed = {sealed.at("size").get<std::uint64_t>(),
                          sealed.at("sha256").get<std::string>()};
        SALVOR_TRY(receipt.manifest, parse_manifest(json.at("manifest").dump()));
        return receipt;
    } catch (const Json::exception& error) {
        return fail(ErrorCode::malformed, "the receipt does not parse: {}", error.what());
    }
}

Result<void> check(Bytes file, const Receipt& receipt) {
    const auto digest = hex(sha256(file));
    if (file.size() == receipt.sealed.size && digest == receipt.sealed.sha256) return {};
    if (digest == receipt.manifest.snapshot.sha256) {
        return fail(ErrorCode::flawed,
                    "it is the snapshot that was sealed, and the receipt is of the sealed file");
    }
    if (file.size() != receipt.sealed.size) {
        return fail(ErrorCode::flawed,
                    "it has {} bytes, the receipt is of {}: it was cut or added to, or the receipt "
                    "is another file's",
                    file.size(), receipt.sealed.size);
    }
    return fail(ErrorCode::flawed, "its SHA-256 is {}, the receipt is of {}: it was changed",
                digest, receipt.sealed.sha256);
}

}  // namespace salvor::seal
