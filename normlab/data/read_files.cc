#include "normlab/data/read_files.h"

#include <algorithm>
#include <array>
#include <utility>

#include "normlab/base/error.h"
#include "normlab/base/thread_pool.h"
#include "normlab/data/archive.h"
#include "normlab/data/cifar.h"
#include "normlab/data/idx.h"
#include "normlab/data/known_sets.h"

namespace normlab {
namespace {

namespace fs = std::filesystem;

Bytes read_idx(const fs::path& file) {
  return read_decoded(
      file, [&](std::span<const std::byte> head) { return idx_file_size(head, file.string()); });
}

void check_pair(std::size_t images, const fs::path& image_file, std::size_t labels,
                const fs::path& label_file) {
  if (images != labels) {
    fail("{} holds {} images, but {} holds {} labels", image_file.string(), images,
         label_file.string(), labels);
  }
}

Dataset read_idx_files(const DatasetFiles& files) {
  std::array<IdxImages, 2> images;
  std::array<std::vector<Label>, 2> labels;
  const std::array parts{&files.train, &files.test};
  ThreadPool(2).run(4, [&](std::int64_t i) {
    const auto part = static_cast<std::size_t>(i % 2);
    if (i < 2) {
      const fs::path& file = parts[part]->at(0);
      images[part] = parse_idx_images(read_idx(file), file.string());
    } else {
      const fs::path& file = parts[part]->at(1);
      labels[part] = parse_idx_labels(read_idx(file), file.string());
    }
  });
  for (std::size_t part = 0; part < 2; ++part) {
    check_pair(static_cast<std::size_t>(images[part].size()), parts[part]->at(0),
               labels[part].size(), parts[part]->at(1));
  }
  const auto& [train, test] = images;
  if (train.height != test.height || train.width != test.width) {
    fail("{} holds images of {} x {}, but {} of {} x {}", files.train[0].string(), train.height,
         train.width, files.test[0].string(), test.height, test.width);
  }
  Dataset data;
  data.height = train.height;
  data.width = train.width;
  data.channels = 1;
  data.train = {std::move(images[0].pixels), std::move(labels[0])};
  data.test = {std::move(images[1].pixels), std::move(labels[1])};
  return data;
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
      read_members(archive, wanted, max_cifar_file_bytes(kCifar100));
  const bool fine = std::ranges::find(members, "train.bin", &ArchiveMember::name) != members.end();
  const CifarFormat format = fine ? kCifar100 : kCifar10;
  std::vector<ImageSet> batches;
  for (const std::string& name : fine ? of_cifar100 : of_cifar10) {
    const auto member = std::ranges::find(members, name, &ArchiveMember::name);
    if (member == members.end()) fail("{}: has no {} in it", archive.string(), name);
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
      break;
  }
  return read_cifar_archive(files.train.front());
}

}  // namespace normlab
