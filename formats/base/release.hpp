#pragma once

namespace salvor {

/// For std::unique_ptr of what a C library gives: released by its own function.
template <auto release>
struct Release {
    template <class T>
    void operator()(T* pointer) const {
        release(pointer);
    }
};

}  // namespace salvor
