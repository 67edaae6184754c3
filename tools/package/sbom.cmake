# Writes OUT, an SPDX 2.3 document of what PROGRAM says that it is made of: cmake -DPROGRAM= -DOUT= -P sbom.cmake
execute_process(COMMAND ${PROGRAM} version -o json OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
string(JSON version GET "${said}" version)
string(JSON last LENGTH "${said}" libraries)
math(EXPR last "${last} - 1")
file(SHA256 ${PROGRAM} digest)
string(TIMESTAMP now "%Y-%m-%dT%H:%M:%SZ" UTC)

set(fmt MIT https://github.com/fmtlib/fmt)
set(openssl Apache-2.0 https://www.openssl.org)
set(protobuf BSD-3-Clause https://github.com/protocolbuffers/protobuf)
set(protozero BSD-2-Clause https://github.com/mapbox/protozero)
set(cli11 BSD-3-Clause https://github.com/CLIUtils/CLI11)
set(nlohmann-json MIT https://github.com/nlohmann/json)
set(simdjson Apache-2.0 https://github.com/simdjson/simdjson)
set(yaml-cpp MIT https://github.com/jbeder/yaml-cpp)
set(re2 BSD-3-Clause https://github.com/google/re2)
set(sqlite blessing https://www.sqlite.org)
set(libsodium ISC https://github.com/jedisct1/libsodium)
set(libxcrypt LGPL-2.1-or-later https://github.com/besser82/libxcrypt)
set(libarchive BSD-2-Clause https://www.libarchive.org)
set(zlib Zlib https://zlib.net)
set(liblzma LicenseRef-public-domain https://tukaani.org/xz)
set(zstd BSD-3-Clause https://github.com/facebook/zstd)

set(packages "")
set(relations "")
macro(add_package name number licence homepage relation)
    string(APPEND packages "${between}
    {\"SPDXID\": \"SPDXRef-${name}\", \"name\": \"${name}\", \"versionInfo\": \"${number}\", \"filesAnalyzed\": false,
     \"downloadLocation\": \"NOASSERTION\", \"homepage\": \"${homepage}\", \"licenseConcluded\": \"${licence}\",
     \"licenseDeclared\": \"${licence}\", \"copyrightText\": \"NOASSERTION\"}")
    string(APPEND relations "${between}\n    ${relation}")
    set(between ",")
endmacro()

set(between "")
add_package(salvor ${version} Apache-2.0 NOASSERTION
            "{\"spdxElementId\": \"SPDXRef-DOCUMENT\", \"relationshipType\": \"DESCRIBES\", \"relatedSpdxElement\": \"SPDXRef-salvor\"}")
foreach(i RANGE ${last})
    string(JSON name MEMBER "${said}" libraries ${i})
    string(JSON number GET "${said}" libraries ${name})
    if(NOT DEFINED ${name})
        message(FATAL_ERROR "sbom.cmake has no licence of ${name}")
    endif()
    add_package(${name} ${number} ${${name}}
                "{\"spdxElementId\": \"SPDXRef-salvor\", \"relationshipType\": \"DEPENDS_ON\", \"relatedSpdxElement\": \"SPDXRef-${name}\"}")
endforeach()

file(WRITE ${OUT} "{
  \"spdxVersion\": \"SPDX-2.3\", \"dataLicense\": \"CC0-1.0\", \"SPDXID\": \"SPDXRef-DOCUMENT\", \"name\": \"salvor-${version}\",
  \"documentNamespace\": \"https://spdx.org/spdxdocs/salvor-${version}-${digest}\",
  \"creationInfo\": {\"created\": \"${now}\", \"creators\": [\"Tool: salvor-${version}\"]},
  \"hasExtractedLicensingInfos\": [
    {\"licenseId\": \"LicenseRef-public-domain\", \"extractedText\": \"liblzma has been put into the public domain.\"}],
  \"packages\": [${packages}],
  \"relationships\": [${relations}]
}
")
