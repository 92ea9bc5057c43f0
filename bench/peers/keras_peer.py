"""Training steps in Keras, for bench/peers/run.py; told what to do as pytorch_peer.py is.

    PYTHON keras_peer.py MODEL BATCH NORM THREADS fit

A step is one of `model.fit` on arrays in memory, as Keras assignments have it.
"""

import json
import os
import sys
import time

MODEL, BATCH, NORM, THREADS = sys.argv[1:5]
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_NUM_INTRAOP_THREADS"] = THREADS
os.environ["TF_NUM_INTEROP_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = THREADS

import keras  # noqa: E402 (the variables above are read when it is loaded)
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402


def make_model():
    def slot():
        return [layers.BatchNormalization()] if NORM == "batch" else []

    if MODEL == "cnn-32":
        stack = [layers.Conv2D(32, 3, activation="relu"), *slot(), layers.MaxPooling2D(2), layers.Flatten(),
                 layers.Dense(128, activation="relu"), *slot(), layers.Dense(10)]
    else:
        first, second = (int(part) for part in MODEL.split("-")[1:])
        stack = [layers.Flatten(), layers.Dense(first), *slot(), layers.ReLU(),
                 layers.Dense(second), *slot(), layers.ReLU(), layers.Dense(10)]
    return keras.Sequential([keras.Input((28, 28, 1)), *stack])


def main():
    random = np.random.default_rng(1)
    x = random.integers(0, 256, (60_000, 28, 28, 1), dtype=np.uint8).astype(np.float32) / 127.5 - 1
    y = random.integers(0, 10, 60_000, dtype=np.int32)
    model = make_model()
    sgd = MODEL == "mlp-512-256"
    optimizer = keras.optimizers.SGD(0.01, momentum=0.9) if sgd else keras.optimizers.Adam(0.001)
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    batch = int(BATCH)

    def fit(steps):
        count = steps * batch
        model.fit(x[:count], y[:count], batch_size=batch, epochs=1, verbose=0)

    fit(20)
    print(json.dumps({"peer": f"Keras {keras.__version__} on {keras.backend.backend()}, fit"}), flush=True)
    for line in sys.stdin:
        # `fit` costs some milliseconds by itself: enough steps that they do not count.
        count = max(int(line), 100)
        start = time.perf_counter()
        fit(count)
        print(json.dumps({"seconds": (time.perf_counter() - start) / count}), flush=True)


main()
