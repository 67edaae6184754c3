#pragma once

namespace salvor::kube {

/// For std::unique_ptr of what OpenSSL gives: released by its own function.
template <auto release>
struct Release {
    template <class T>
    void operator()(T* pointer) const {
        release(pointer);
    }
};

}  // namespace salvor::kube
