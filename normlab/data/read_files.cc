#include "normlab/data/read_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/base/thread_pool.h"
#include "normlab/data/archive.h"
#include "normlab/data/cifar.h"
#include "normlab/data/csv.h"
#include "normlab/data/idx.h"
#include "normlab/data/known_sets.h"
#include "normlab/data/limits.h"
#include "normlab/data/npz.h"
#include "normlab/data/picture_folder.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

Bytes read_idx(const fs::path& file) {
  return read_decoded(
      file, [&](std::span<const std::byte> head) { return idx_file_size(head, file.string()); });
}

Dataset read_idx_files(const DatasetFiles& files) {
  std::array<DataPart, 2> parts;
  const std::array pairs{&files.train, &files.test};
  for (std::size_t i = 0; i < 2; ++i) {
    parts[i].image_source = pairs[i]->at(0).string();
    parts[i].label_source = pairs[i]->at(1).string();
  }
  ThreadPool(2).run(4, [&](std::int64_t i) {
    DataPart& part = parts[static_cast<std::size_t>(i % 2)];
    if (i < 2) {
      part.images = parse_idx_images(read_idx(part.image_source), part.image_source);
    } else {
      part.labels = parse_idx_labels(read_idx(part.label_source), part.label_source);
    }
  });
  return join_parts(std::move(parts[0]), std::move(parts[1]));
}

Dataset read_csv_files(const DatasetFiles& files) {
  std::array<DataPart, 2> parts;
  const std::array sources{files.train.front().string(), files.test.front().string()};
  ThreadPool(2).run(2, [&](std::int64_t i) {
    const std::string& source = sources[static_cast<std::size_t>(i)];
    CsvTable table = parse_csv(read_decoded(source, [](auto) { return kMaxFileBytes; }), source);
    parts[static_cast<std::size_t>(i)] = {std::move(table.images), std::move(table.labels), source,
                                          source};
  });
  return join_parts(std::move(parts[0]), std::move(parts[1]));
}

void append(ImageSet& to, const ImageSet& more) {
  to.pixels.insert(to.pixels.end(), more.pixels.begin(), more.pixels.end());
  to.labels.insert(to.labels.end(), more.labels.begin(), more.labels.end());
}

/// `batches` in order, the last one is the test batch.
Dataset join_cifar(std::span<ImageSet> batches, const CifarFormat& format) {
  Dataset data;
  data.height = data.width = kCifarSide;
  data.channels = kCifarChannels;
  data.class_names = find_known_set(format.classes == 10 ? "cifar10" : "cifar100")->class_names;
  for (ImageSet& batch : batches.first(batches.size() - 1)) {
    append(data.train, std::exchange(batch, {}));
  }
  data.test = std::move(batches.back());
  return data;
}

Dataset read_cifar_files(const DatasetFiles& files, const CifarFormat& format) {
  const std::vector<fs::path> all = files.all();
  std::vector<ImageSet> batches(all.size());
  ThreadPool(2).run(std::ssize(all), [&](std::int64_t i) {
    const auto index = static_cast<std::size_t>(i);
    const Bytes bytes =
        read_decoded(all[index], [&](auto) { return max_cifar_file_bytes(format); });
    batches[index] = parse_cifar(bytes, format, all[index].string());
  });
  return join_cifar(batches, format);
}

Dataset read_cifar_archive(const fs::path& archive) {
  const std::vector<std::string> of_cifar10{"data_batch_1.bin", "data_batch_2.bin",
                                            "data_batch_3.bin", "data_batch_4.bin",
                                            "data_batch_5.bin", "test_batch.bin"};
  const std::vector<std::string> of_cifar100{"train.bin", "test.bin"};
  std::vector<std::string> wanted = of_cifar10;
  wanted.insert(wanted.end(), of_cifar100.begin(), of_cifar100.end());
  const std::vector<ArchiveMember> members =
      read_members(archive, ArchiveFormat::tar, wanted,
                   [](auto&, auto) { return max_cifar_file_bytes(kCifar100); });
  const bool fine = std::ranges::find(members, "train.bin", &ArchiveMember::name) != members.end();
  const CifarFormat format = fine ? kCifar100 : kCifar10;
  std::vector<ImageSet> batches;
  for (const std::string& name : fine ? of_cifar100 : of_cifar10) {
    const auto member = std::ranges::find(members, name, &ArchiveMember::name);
    if (member == members.end()) {
      fail(
          "{}: has no {} in it; of archives, only CIFAR's are read: unpack others and name the "
          "folder",
          archive.string(), name);
    }
    batches.push_back(parse_cifar(member->bytes, format, archive.string() + ": " + name));
  }
  return join_cifar(batches, format);
}

}  // namespace

Dataset read_dataset_files(const DatasetFiles& files) {
  switch (files.format) {
    case DatasetFormat::idx:
      return read_idx_files(files);
    case DatasetFormat::cifar10:
      return read_cifar_files(files, kCifar10);
    case DatasetFormat::cifar100:
      return read_cifar_files(files, kCifar100);
    case DatasetFormat::cifar_archive:
      return read_cifar_archive(files.train.front());
    case DatasetFormat::npz:
      return read_npz(files.train.front());
    case DatasetFormat::npz_parts:
      return read_npz_parts(files);
    case DatasetFormat::csv:
      return read_csv_files(files);
    case DatasetFormat::pictures:
      break;
  }
  return read_pictures(files);
}

}  // namespace normlab
