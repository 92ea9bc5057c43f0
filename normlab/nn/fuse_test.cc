#include "normlab/nn/fuse.h"

#include <string>

#include <gtest/gtest.h>

#include "normlab/nn/model_spec.h"

namespace normlab {
namespace {

/// The stages of a model, one a line: "input [+ addend] -> output: parts".
std::string stages_of(const std::string& text, NormKind norm = NormKind::batch,
                      bool each_alone = false) {
  const ModelSpec model = parse_model_text(text);
  NetworkOptions options;
  options.norm.kind = norm;
  const LayerTree tree = make_layer_tree(model.layers, *model.input, options);
  std::string lines;
  for (const StageParts& parts : fuse(tree, false, each_alone)) {
    lines += std::to_string(parts.input);
    if (parts.addend >= 0) lines += " + " + std::to_string(parts.addend);
    lines += " -> " + std::to_string(parts.output) + ":";
    for (const LayerNode* node :
         {parts.producer, parts.before, parts.norm, parts.sum, parts.after, parts.pool}) {
      if (node != nullptr) lines += " " + (node == parts.sum ? "sum" : node->kind());
    }
    lines += "\n";
  }
  return lines;
}

TEST(Fuse, WhatFollowsAProducerRunsBehindIt) {
  EXPECT_EQ(stages_of("4: linear 3, norm, relu, linear 2, relu, norm, gelu"),
            "0 -> 1: linear norm relu\n1 -> 2: linear relu norm gelu\n");
  EXPECT_EQ(stages_of("4: linear 3, norm, relu, norm, relu"),
            "0 -> 1: linear norm relu\n1 -> 2: norm relu\n");
  EXPECT_EQ(stages_of("4: linear 3, relu, relu"), "0 -> 1: linear relu\n1 -> 2: relu\n");
}

TEST(Fuse, EmptySlotsAndViewsAreNoStages) {
  EXPECT_EQ(stages_of("4: linear 3, norm, relu, norm, linear 2", NormKind::none),
            "0 -> 1: linear relu\n1 -> 2: linear\n");
  // Behind `flatten` a channel is another thing.
  EXPECT_EQ(stages_of("2x2x1: conv 2 1x1, flatten, norm, linear 2"),
            "0 -> 1: conv\n1 -> 2: norm\n2 -> 3: linear\n");
}

TEST(Fuse, SomeLayersHaveAStageOfTheirOwn) {
  EXPECT_EQ(stages_of("4x4x1: avgpool 2, flatten, dropout 0.5, relu"),
            "0 -> 1: avgpool\n1 -> 2: dropout\n2 -> 3: relu\n");
}

TEST(Fuse, ASumRunsBehindTheEndOfTheBody) {
  EXPECT_EQ(stages_of("4: residual(linear 4, norm, relu, linear 4, norm), relu, linear 2"),
            "0 -> 1: linear norm relu\n1 + 0 -> 2: linear norm sum relu\n2 -> 3: linear\n");
  EXPECT_EQ(stages_of("4: residual(linear 4, scale 0), relu", NormKind::none),
            "0 + 0 -> 1: linear scale sum relu\n");
  // Shortcuts come first, so that the body's end can add.
  EXPECT_EQ(stages_of("4: linear 4, residual(linear 3, relu, linear 2 | linear 2, norm), relu"),
            "0 -> 1: linear\n1 -> 2: linear norm\n1 -> 3: linear relu\n"
            "3 + 2 -> 4: linear sum relu\n");
}

TEST(Fuse, WhereASumDoesNotFitItIsAStage) {
  EXPECT_EQ(stages_of("4: residual(linear 4, norm, relu), relu"),
            "0 -> 1: linear norm relu\n1 + 0 -> 2: sum relu\n");
  EXPECT_EQ(stages_of("4: residual(residual(linear 4))"),
            "0 + 0 -> 1: linear sum\n1 + 0 -> 2: sum\n");
  EXPECT_EQ(stages_of("4: residual(norm)", NormKind::none), "0 + 0 -> 1: sum\n");
  EXPECT_EQ(stages_of("4: residual(dropout 0.5), relu"), "0 -> 1: dropout\n1 + 0 -> 2: sum relu\n");
  // GELU's derivative needs the sum itself, which is not kept.
  EXPECT_EQ(stages_of("4: residual(linear 4), gelu"), "0 + 0 -> 1: linear sum\n1 -> 2: gelu\n");
}

TEST(Fuse, AFirstConvolutionTakesItsPoolingIn) {
  EXPECT_EQ(stages_of("8x8x1: conv 16 3x3, relu, norm, maxpool 2, norm"),
            "0 -> 1: conv relu norm maxpool\n1 -> 2: norm\n");
  EXPECT_EQ(stages_of("8x8x1: conv 16 3x3, tanh, norm, maxpool 2"),
            "0 -> 1: conv tanh norm\n1 -> 2: maxpool\n");
  EXPECT_EQ(stages_of("8x8x1: relu, conv 16 3x3, maxpool 2"),
            "0 -> 1: relu\n1 -> 2: conv\n2 -> 3: maxpool\n");
}

TEST(Fuse, EachLayerRunsAloneWhenAsked) {
  EXPECT_EQ(stages_of("4: residual(linear 4, norm, relu), relu", NormKind::batch, true),
            "0 -> 1: linear\n1 -> 2: norm\n2 -> 3: relu\n3 + 0 -> 4: sum\n4 -> 5: relu\n");
}

}  // namespace
}  // namespace normlab
