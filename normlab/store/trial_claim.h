#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace normlab {

/// The right to run one trial, among all processes that use the same runs folder: a lock on a file
/// of that name, which the system gives back when the process ends, however it ends. Movable.
class TrialClaim {
 public:
  /// Absent when another process has it. Throws Error when the folder cannot be written to.
  static std::optional<TrialClaim> take(const std::filesystem::path& folder,
                                        const std::string& trial);

  TrialClaim(TrialClaim&& other) noexcept;
  TrialClaim& operator=(TrialClaim&& other) noexcept;
  ~TrialClaim();

 private:
  TrialClaim(int descriptor, std::filesystem::path file);
  void release();

  int descriptor_ = -1;
  std::filesystem::path file_;
};

}  // namespace normlab
