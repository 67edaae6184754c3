#include <algorithm>
#include <array>

#include "core/cluster/describe/volumes.hpp"

// PersistentVolumeClaims, and what they share with volumes.

namespace salvor::describe {

std::string claim_class(const Value& claim) {
    if (const auto* beta = table::annotation(claim, "volume.beta.kubernetes.io/storage-class"))
        return text_of(beta);
    return text_at(claim, "spec.storageClassName");
}

std::string access_modes(const Value& value, std::string_view path) {
    static constexpr std::array known{
        std::pair{"ReadWriteOnce", "RWO"}, std::pair{"ReadOnlyMany", "ROX"},
        std::pair{"ReadWriteMany", "RWX"}, std::pair{"ReadWriteOncePod", "RWOP"}};
    const auto modes = texts_at(value, path);
    std::vector<std::string> found;
    for (const auto& [mode, brief] : known) {
        if (std::find(modes.begin(), modes.end(), mode) != modes.end()) found.emplace_back(brief);
    }
    return table::join(found, ",");
}

void claim(const Subject& subject, Writer& out, const Value& claim, bool is_full) {
    if (is_full) name_and_namespace(subject, out);
    out.write(0, "StorageClass:\t{}\n", claim_class(claim));
    if (is_full && table::is_deleting(claim)) {
        out.write(0, "Status:\tTerminating (lasts {})\n",
                  age(subject, at(claim, "metadata.deletionTimestamp")));
    } else if (is_full) {
        out.write(0, "Status:\t{}\n", text_at(claim, "status.phase"));
    }
    out.write(0, "Volume:\t{}\n", text_at(claim, "spec.volumeName"));
    labels(out, "Labels", at(claim, "metadata.labels"));
    annotations(out, "Annotations", at(claim, "metadata.annotations"));
    if (is_full) out.write(0, "Finalizers:\t{}\n", bracketed_at(claim, "metadata.finalizers"));
    const bool is_bound = !text_at(claim, "spec.volumeName").empty();
    out.write(0, "Capacity:\t{}\n", is_bound ? number_at(claim, "status.capacity.storage") : "");
    out.write(0, "Access Modes:\t{}\n", is_bound ? access_modes(claim, "status.accessModes") : "");
    if (has(claim, "spec.volumeMode"))
        out.write(0, "VolumeMode:\t{}\n", text_at(claim, "spec.volumeMode"));
    const auto* source = at(claim, "spec.dataSource");
    if (!source || !source->is_object()) return;
    out.write(0, "DataSource:\n");
    if (has(*source, "apiGroup")) out.write(1, "APIGroup:\t{}\n", text_at(*source, "apiGroup"));
    out.write(1, "Kind:\t{}\n", source->text("kind"));
    out.write(1, "Name:\t{}\n", source->text("name"));
}

}  // namespace salvor::describe
