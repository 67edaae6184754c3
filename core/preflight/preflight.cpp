#include "core/preflight/preflight.hpp"

#include <algorithm>

namespace salvor::preflight {
namespace {

std::vector<Entry> entries_of(const verify::Report& report) {
    std::vector<Entry> entries;
    for (const auto& finding : report.findings) {
        auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) {
            return entry.first->rule == finding.rule;
        });
        if (found == entries.end()) {
            const auto more = report.not_kept.find(finding.rule);
            entries.push_back({&finding, {}, more == report.not_kept.end() ? 0 : more->second});
            found = entries.end() - 1;
        }
        found->findings.push_back(&finding);
        ++found->count;
    }
    return entries;
}

/// What the files that it needs are called where no host was looked at.
std::string layout_of(const info::Info* info) {
    std::string name;
    if (info && info->kubernetes.size() == 1 && info->kubernetes.front().distribution)
        name = info->kubernetes.front().distribution->value;
    for (const auto* known : {"k3s", "RKE2", "Talos", "OpenShift"}) {
        if (name.starts_with(known)) return known;
    }
    return name.starts_with("kubeadm") || name.starts_with("kind") ? "kubeadm" : "";
}

}  // namespace

Disk look_at_disk(const verify::Host& host, const verify::Report& backup) {
    Disk disk;
    disk.path = (host.root / host.data_directory.substr(1)).string();
    const auto snapshot = Snapshot::open(disk.path, Snapshot::Lock::refuse_held);
    if (!snapshot) {
        disk.unread = snapshot.error().message;
        return disk;
    }
    const auto info = info::gather(*snapshot, nullptr, info::Digest::not_wanted);
    if (!info || !info->tells_revision()) {
        disk.unread = info ? "its revision could not be read" : info.error().message;
        return disk;
    }
    disk.revision = info->revision;
    disk.revision_at_least = !info->all_rows;
    if (info->wal) disk.beyond_db = info->wal->beyond_db;
    if (info->cluster_id && backup.cluster_id)
        disk.cluster = info->cluster_id->value == *backup.cluster_id ? Disk::Cluster::same
                                                                     : Disk::Cluster::other;
    return disk;
}

Page foresee(const verify::Report& report, const info::Info* info, const verify::Host* host,
             std::int64_t now) {
    Page page{&report, info, host, now, {}, {}, {}, 0, {}, {}, {}};
    for (auto& entry : entries_of(report)) {
        const auto& first = *entry.first;
        if (first.severity == Severity::error) {
            page.errors.push_back(std::move(entry));
        } else if (first.about == Subject::cluster) {
            if (chapter_of(first.rule) == Chapter::kept)
                page.kept += entry.count;
            else
                page.entries.push_back(std::move(entry));
        }
    }
    std::stable_sort(page.entries.begin(), page.entries.end(), [](const auto& a, const auto& b) {
        const auto left = chapter_of(a.first->rule), right = chapter_of(b.first->rule);
        return left != right ? left < right : a.first->severity > b.first->severity;
    });
    if (info && info->taken_at && info->taken_at->unix_seconds <= now)
        page.seconds_lost = now - info->taken_at->unix_seconds;
    if (host && !host->data_directory.empty()) page.disk = look_at_disk(*host, report);
    page.layout = host && !host->layout.empty() ? host->layout : layout_of(info);
    page.files = host ? host->files : std::vector<verify::HostFile>();
    if (page.files.empty()) page.files = verify::usual_files(page.layout);
    return page;
}

}  // namespace salvor::preflight
