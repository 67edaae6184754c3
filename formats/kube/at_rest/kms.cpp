#include "formats/kube/at_rest/provider.hpp"

namespace salvor::kube::at_rest {
namespace {

/// Recognised and named. The data key is itself sealed by a service outside, so nothing here can
/// open it.
class Kms : public Provider {
 public:
    Kms(std::string version, std::string name)
        : version_(std::move(version)), keys_{{std::move(name), {}}} {}
    Bytes scheme() const override { return "kms"; }
    Bytes version() const override { return version_; }
    const std::vector<Key>& keys() const override { return keys_; }
    Result<std::string> open(const Key& key, Bytes, Bytes) const override {
        return fail(ErrorCode::unsupported, "kms {}: only the KMS plugin {} can open it", version_,
                    key.name);
    }

 private:
    std::string version_;
    std::vector<Key> keys_;
};

/// Values as they are.
class Identity : public Provider {
 public:
    Bytes scheme() const override { return {}; }
    Bytes version() const override { return {}; }
    const std::vector<Key>& keys() const override { return none_; }
    Result<std::string> open(const Key&, Bytes body, Bytes) const override {
        return std::string(body);
    }

 private:
    std::vector<Key> none_;
};

}  // namespace

std::unique_ptr<Provider> make_kms(std::string version, std::string name) {
    return std::make_unique<Kms>(std::move(version), std::move(name));
}
std::unique_ptr<Provider> make_identity() {
    return std::make_unique<Identity>();
}

}  // namespace salvor::kube::at_rest
