#pragma once

#include <cstddef>
#include <utility>

namespace salvor {

/// Zeros from the kernel and back to it, whatever the heap keeps for later: for tables that grow
/// with a file's keys. Pages that nothing was written to take no memory. Throws std::bad_alloc.
/// @{
void* map_zeros(std::size_t bytes);
void unmap(void* zeros, std::size_t bytes);
/// @}

template <class T>
class ZeroedArray {
 public:
    ZeroedArray() = default;
    explicit ZeroedArray(std::size_t size)
        : data_(static_cast<T*>(map_zeros(size * sizeof(T)))), size_(size) {}
    ZeroedArray(ZeroedArray&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    ZeroedArray& operator=(ZeroedArray&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~ZeroedArray() {
        if (data_) unmap(data_, size_ * sizeof(T));
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T& operator[](std::size_t i) { return data_[i]; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    const T* begin() const { return data_; }
    const T* end() const { return data_ + size_; }

 private:
    T* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace salvor
