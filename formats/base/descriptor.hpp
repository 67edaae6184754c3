#pragma once

#include <unistd.h>

#include <utility>

namespace salvor {

/// An open file, closed with it.
class Descriptor {
 public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }

    bool is_open() const { return fd_ >= 0; }
    int get() const { return fd_; }
    /// Whoever takes it closes it.
    int release() { return std::exchange(fd_, -1); }

 private:
    int fd_;
};

}  // namespace salvor
