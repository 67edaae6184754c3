#include <array>

#include "core/cluster/describe/pods.hpp"

// What ends: Job, CronJob.

namespace salvor::describe {
namespace {

constexpr std::uint8_t limits_of_jobs_since = 30;  ///< suspend, backoff limit, TTL
constexpr std::uint8_t time_zone_since = 36;

/// Fields that are told where they are set.
struct Setting {
    std::string_view title, path;
    std::string_view behind = {};
    std::uint8_t since = 0;
};

void settings(const Subject& subject, Writer& out, std::span<const Setting> all) {
    for (const auto& one : all) {
        if (has(subject.object, one.path) && subject.release >= one.since) {
            out.write(0, "{}:\t{}{}\n", one.title, text_at(subject.object, one.path), one.behind);
        }
    }
}

void times_of_job(const Value& job, Writer& out) {
    const auto* start = at(job, "status.startTime");
    const auto* end = at(job, "status.completionTime");
    if (table::time_of(start)) out.write(0, "Start Time:\t{}\n", date(start));
    if (table::time_of(end)) out.write(0, "Completed At:\t{}\n", date(end));
    const auto from = table::time_of(start), to = table::time_of(end);
    if (from && to) out.write(0, "Duration:\t{}\n", table::elapsed(*from, *to));
}

/// About the first fifty characters of a list.
std::string some_indexes(const std::string& indexes) {
    constexpr std::size_t enough = 50;
    const auto comma = indexes.find(',', enough);
    return comma == std::string::npos ? or_none(indexes) : indexes.substr(0, comma + 1) + "...";
}

void pods_of_job(const Value& job, Writer& out) {
    const auto ready = has(job, "status.ready")
                           ? fmt::format(" ({} Ready)", number_at(job, "status.ready"))
                           : std::string{};
    out.write(0, "Pods Statuses:\t{} Active{} / {} Succeeded / {} Failed\n",
              number_at(job, "status.active"), ready, number_at(job, "status.succeeded"),
              number_at(job, "status.failed"));
    if (text_at(job, "spec.completionMode") == "Indexed") {
        out.write(0, "Completed Indexes:\t{}\n",
                  some_indexes(text_at(job, "status.completedIndexes")));
    }
}

void describe_job(const Subject& subject, Writer& out) {
    const auto& job = subject.object;
    name_and_namespace(subject, out);
    out.write(0, "Selector:\t{}\n", bare_selector_at(job, "spec.selector"));
    labels_and_annotations(subject, out);
    controller(subject, out);
    static constexpr std::array first{Setting{"Parallelism", "spec.parallelism"}};
    settings(subject, out, first);
    out.write(0, "Completions:\t{}\n", or_unset(text_at(job, "spec.completions")));
    static constexpr std::array others{
        Setting{"Completion Mode", "spec.completionMode"},
        Setting{"Suspend", "spec.suspend", "", limits_of_jobs_since},
        Setting{"Backoff Limit", "spec.backoffLimit", "", limits_of_jobs_since},
        Setting{"TTL Seconds After Finished", "spec.ttlSecondsAfterFinished", "",
                limits_of_jobs_since}};
    settings(subject, out, others);
    times_of_job(job, out);
    static constexpr std::array last{
        Setting{"Active Deadline Seconds", "spec.activeDeadlineSeconds", "s"}};
    settings(subject, out, last);
    pods_of_job(job, out);
    pod_template(subject, out, at(job, "spec.template"));
}

void describe_job_template(const Subject& subject, Writer& out, const Value& spec) {
    const bool is_set = has(spec, "selector");
    out.write(0, "Selector:\t{}\n", is_set ? bare_selector_at(spec, "selector") : "<unset>");
    out.write(0, "Parallelism:\t{}\n", or_unset(text_at(spec, "parallelism")));
    out.write(0, "Completions:\t{}\n", or_unset(text_at(spec, "completions")));
    if (has(spec, "activeDeadlineSeconds"))
        out.write(0, "Active Deadline Seconds:\t{}s\n", text_at(spec, "activeDeadlineSeconds"));
    pod_template(subject, out, spec.find("template"));
}

void describe_cron_job(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Schedule:\t{}\n", text_at(object, "spec.schedule"));
    out.write(0, "Concurrency Policy:\t{}\n", text_at(object, "spec.concurrencyPolicy"));
    out.write(0, "Suspend:\t{}\n", optional_truth_at(object, "spec.suspend"));
    if (subject.release >= time_zone_since)
        out.write(0, "Time Zone:\t{}\n",
                  has(object, "spec.timeZone") ? text_at(object, "spec.timeZone") : "<unset>");
    out.write(0, "Successful Job History Limit:\t{}\n",
              or_unset(text_at(object, "spec.successfulJobsHistoryLimit")));
    out.write(0, "Failed Job History Limit:\t{}\n",
              or_unset(text_at(object, "spec.failedJobsHistoryLimit")));
    const auto deadline = text_at(object, "spec.startingDeadlineSeconds");
    out.write(0, "Starting Deadline Seconds:\t{}\n", deadline.empty() ? "<unset>" : deadline + "s");
    static const Value no_spec{};
    const auto* spec = at(object, "spec.jobTemplate.spec");
    describe_job_template(subject, out, spec ? *spec : no_spec);
    out.write(0, "Last Schedule Time:\t{}\n",
              has(object, "status.lastScheduleTime") ? date_at(object, "status.lastScheduleTime")
                                                     : "<unset>");
    std::vector<std::string> active;
    for (const auto& job : items_at(object, "status.active")) active.emplace_back(job.text("name"));
    out.write(0, "Active Jobs:\t{}\n", or_none(table::join(active, ", ")));
}

}  // namespace

std::span<const Kind> jobs() {
    static constexpr std::array kinds{Kind{"batch", "Job", describe_job},
                                      Kind{"batch", "CronJob", describe_cron_job}};
    return kinds;
}

}  // namespace salvor::describe
