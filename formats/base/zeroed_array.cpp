#include "formats/base/zeroed_array.hpp"

#include <sys/mman.h>

#include <new>

namespace salvor {

void* map_zeros(std::size_t bytes) {
    if (bytes == 0) return nullptr;
    void* zeros =
        ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (zeros == MAP_FAILED) throw std::bad_alloc();
    return zeros;
}

void unmap(void* zeros, std::size_t bytes) {
    ::munmap(zeros, bytes);
}

}  // namespace salvor
