#include "core/verify/digest.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "formats/base/interrupt.hpp"

namespace salvor::verify {
namespace {

// Between two words on progress; large enough that they cost nothing.
constexpr std::size_t step = 1 << 20;

}  // namespace

Digest::Digest(Bytes image, Progress progress) : image_(image), progress_(std::move(progress)) {
    const auto work = [this] { return compute(); };
    try {
        digest_ = std::async(std::launch::async, work);
    } catch (const std::system_error&) {  // no thread is to be had: whoever asks computes it
        digest_ = std::async(std::launch::deferred, work);
    }
}

Digest::~Digest() {
    unwanted_ = true;
    if (digest_.valid()) digest_ = {};  // waits for the thread
}

Sha256Digest Digest::get() const {
    return digest_.get();
}

Sha256Digest Digest::compute() const {
    Sha256 sha;
    for (std::size_t at = 0; at < image_.size() && !unwanted_ && noted_interrupt() == 0;
         at += step) {
        sha.update(image_.substr(at, step));
        if (progress_) progress_(std::min(at + step, image_.size()), image_.size());
    }
    return sha.finish();
}

}  // namespace salvor::verify
