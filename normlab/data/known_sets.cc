#include "normlab/data/known_sets.h"

#include <algorithm>
#include <array>

#include "normlab/data/cifar100_classes.h"

// Sizes and SHA-256 of MNIST and Fashion-MNIST are those of the published .gz files, whose MD5 the
// authors and the loaders of PyTorch and Keras give, and of what they hold; those of the CIFAR
// archives and of CIFAR-100's members are pinned by TensorFlow Datasets, MLDatasets.jl and
// red-datasets, those of CIFAR-10's members follow from its archive. All but CIFAR-100's were also
// computed from the files themselves.
namespace normlab {
namespace {

KnownSet mnist() {
  return {
      .name = "mnist",
      .title = "MNIST: handwritten digits",
      .content_sha256 = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16",
      .class_names = numbered_classes(10),
      .contents = {{"train-images-idx3-ubyte", 47'040'016,
                    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
                   {"train-labels-idx1-ubyte", 60'008,
                    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
                   {"t10k-images-idx3-ubyte", 7'840'016,
                    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
                   {"t10k-labels-idx1-ubyte", 10'008,
                    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"}},
      .downloads = {{"train-images-idx3-ubyte.gz", 9'912'422,
                     "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
                    {"train-labels-idx1-ubyte.gz", 28'881,
                     "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
                    {"t10k-images-idx3-ubyte.gz", 1'648'877,
                     "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
                    {"t10k-labels-idx1-ubyte.gz", 4'542,
                     "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"}},
      .mirrors = {"https://ossci-datasets.s3.amazonaws.com/mnist/",
                  "https://storage.googleapis.com/cvdf-datasets/mnist/"},
      .other_places = {"MNIST/raw", "mnist.npz"},
  };
}

KnownSet fashion_mnist() {
  return {
      .name = "fashion-mnist",
      .title = "Fashion-MNIST: pictures of clothes",
      .content_sha256 = "ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f",
      .class_names = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt",
                      "Sneaker", "Bag", "Ankle boot"},
      .contents = {{"train-images-idx3-ubyte", 47'040'016,
                    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"},
                   {"train-labels-idx1-ubyte", 60'008,
                    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"},
                   {"t10k-images-idx3-ubyte", 7'840'016,
                    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"},
                   {"t10k-labels-idx1-ubyte", 10'008,
                    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"}},
      .downloads = {{"train-images-idx3-ubyte.gz", 26'421'880,
                     "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"},
                    {"train-labels-idx1-ubyte.gz", 29'515,
                     "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"},
                    {"t10k-images-idx3-ubyte.gz", 4'422'102,
                     "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"},
                    {"t10k-labels-idx1-ubyte.gz", 5'148,
                     "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"}},
      .mirrors = {"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
                  "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"},
      .other_places = {"FashionMNIST/raw"},
  };
}

std::vector<std::string> cifar_mirrors() {
  return {"https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/",
          "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/"};
}

KnownSet cifar10() {
  constexpr std::uint64_t kBatch = 30'730'000;
  return {
      .name = "cifar10",
      .title = "CIFAR-10: small colour photographs, 10 classes",
      .content_sha256 = "80387ddb9a0edf3fc4a964ee3770296169bb26a651050df20035579673099660",
      .class_names = {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse",
                      "ship", "truck"},
      .contents = {{"data_batch_1.bin", kBatch,
                    "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"},
                   {"data_batch_2.bin", kBatch,
                    "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"},
                   {"data_batch_3.bin", kBatch,
                    "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"},
                   {"data_batch_4.bin", kBatch,
                    "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"},
                   {"data_batch_5.bin", kBatch,
                    "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"},
                   {"test_batch.bin", kBatch,
                    "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"}},
      .downloads = {{"cifar-10-binary.tar.gz", 170'052'171,
                     "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"}},
      .mirrors = cifar_mirrors(),
      .other_places = {"cifar-10-batches-bin", "cifar-10-binary.tar.gz", "cifar-10-batches-py"},
  };
}

KnownSet cifar100() {
  return {
      .name = "cifar100",
      .title = "CIFAR-100: small colour photographs, 100 classes",
      .content_sha256 = "",
      .class_names = {kCifar100Classes.begin(), kCifar100Classes.end()},
      .contents = {{"train.bin", 153'700'000,
                    "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"},
                   {"test.bin", 30'740'000,
                    "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"}},
      .downloads = {{"cifar-100-binary.tar.gz", 168'513'733,
                     "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"}},
      .mirrors = {"https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"},
      .other_places = {"cifar-100-binary", "cifar-100-binary.tar.gz", "cifar-100-python"},
  };
}

}  // namespace

std::span<const KnownSet> known_sets() {
  static const std::array sets{mnist(), fashion_mnist(), cifar10(), cifar100()};
  return sets;
}

const KnownSet* find_known_set(std::string_view name) {
  const auto found = std::ranges::find(known_sets(), name, &KnownSet::name);
  return found == known_sets().end() ? nullptr : &*found;
}

std::vector<std::string> dataset_names() {
  std::vector<std::string> names{std::string(kGlyphs)};
  for (const KnownSet& set : known_sets()) names.push_back(set.name);
  return names;
}

std::vector<std::string> numbered_classes(std::int32_t count) {
  std::vector<std::string> names;
  for (std::int32_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

}  // namespace normlab
