# The packages normlab is built on, one find_package() call a line: for its own build and for those who link its
# static libraries. tools/install.txt gives the reason for each.

set(NORMLAB_PACKAGES
  "Threads"
  "fmt"
  "OneDNN 2.6"
  "hwy CONFIG"
  "tomlplusplus CONFIG"
  "nlohmann_json CONFIG"
  "CLI11 CONFIG"
  "SQLite3"
  "OpenSSL COMPONENTS Crypto"
  "CURL"
  "LibArchive"
  "ZLIB"
  "PNG"
  "JPEG")
