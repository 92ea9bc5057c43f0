# make help lists the targets. Everything is built under build/<preset> by CMake and Ninja.

PREFIX  ?= /usr/local
JOBS    ?= $(shell nproc)
TESTS   ?= .
SECONDS ?= 60
SETUP   ?= yes
# Not ?=, which would leave make's own value of this name.
LINT     = .

RELEASE := build/release
SOURCES  = $(shell git ls-files '*.h' '*.cc')

.PHONY: demo test web-test build install format format-check lint fuzz picture screenshots performance statistics studies clean help setup setup-check

# A folder that is not configured yet: the demo's first build takes half the time in one go, later ones are shorter source by source.
UNITY := OFF
demo: UNITY = ON
demo: $(RELEASE)/build.ninja ## build, then run the main job on built-in data: with against without batch normalization
	@cmake --build $(RELEASE) -j $(JOBS) --target normlab
	@echo '$$ $(RELEASE)/normlab run mlp-128-64'
	@$(RELEASE)/normlab run mlp-128-64

test: build ## build, then run every test (TESTS=regex: only those)
	@ctest --test-dir $(RELEASE) -j $(JOBS) --output-on-failure --no-tests=error -R '$(TESTS)'

web-test: $(RELEASE)/build.ninja ## check the report page and try it in Chromium on samples and real reports (REPORTS='FILE.html ...': on these, too)
	@cmake --build $(RELEASE) -j $(JOBS) --target normlab
	@tests/web/run.sh $(RELEASE)/normlab $(REPORTS)

build: $(RELEASE)/build.ninja ## build the program, build/release/normlab, and its tests
	@cmake --build $(RELEASE) -j $(JOBS)

install: build ## install the program, the headers and the CMake package (PREFIX=/usr/local)
	@cmake --install $(RELEASE) --prefix '$(PREFIX)'

format: setup-check ## lay out the sources with clang-format
	@$$(tools/clang_format.sh) -i $(SOURCES)

format-check: setup-check ## fail when a source is not laid out as clang-format would
	@bad=0; format=$$(tools/clang_format.sh) || exit; for source in $(SOURCES); do \
	  $$format $$source | cmp -s - $$source || { bad=1; echo "not formatted: $$source (make format mends it)"; }; \
	done; exit $$bad

lint: setup-check ## run clang-tidy over the sources (LINT=regex: only those)
	@tools/lint.sh '$(LINT)'

fuzz: setup-check ## fuzz every parser (SECONDS=60 each)
	@tools/fuzz.sh $(SECONDS) $(JOBS)

picture: build ## draw docs/run.svg, the README's picture, from a new run
	@$(RELEASE)/normlab run mlp-128-64 --quiet --force --runs build/picture > build/picture.txt
	@tools/terminal_svg.py --command '$(RELEASE)/normlab run mlp-128-64' < build/picture.txt > docs/run.svg

screenshots: build web-test ## draw the pictures of docs/report.md from a report on MNIST (NORMLAB_DATA names the data's folder)
	@$(RELEASE)/normlab run mlp-128-64-adam --data mnist --quiet --runs build/picture > build/picture.txt
	@node tests/web/pictures.js build/picture/mlp-128-64-adam/report.html docs

studies: build ## run all studies and write docs/studies.md (hours for those on CIFAR-10; NORMLAB_DATA names the data's folder)
	@tools/studies_page.py $(RELEASE)/normlab --readme README.md > build/studies.md
	@cp build/studies.md docs/studies.md

statistics: build ## simulate how often intervals hold, draw docs/coverage.svg and the tables of docs/statistics.md (minutes)
	@cmake --build $(RELEASE) -j $(JOBS) --target interval_coverage
	@mkdir -p build/statistics
	@$(RELEASE)/bench/statistics/interval_coverage 10000 2000 > build/statistics/coverage.csv
	@bench/statistics/draw.py build/statistics/coverage.csv docs

PYTHONS ?= /usr/bin/python3
performance: build ## measure against limits and peers, draw docs/performance.md (PYTHONS='python ...' that have the peers)
	@cmake --build $(RELEASE) -j $(JOBS) --target normlab_peer onednn_norm
	@mkdir -p build/performance
	@$(RELEASE)/normlab bench --json --seconds 120 > build/performance/bench.json
	@bench/peers/run.py --build $(RELEASE) $(PYTHONS:%=--python %) -o build/performance/peers.json > build/performance/peers.md
	@bench/peers/run.py --build $(RELEASE) $(PYTHONS:%=--python %) --only resnet --only airbench --threads 2 -o build/performance/residual.json > build/performance/residual.md
	@cp build/performance/bench.json build/performance/peers.json build/performance/residual.json bench/measured/
	@bench/make_performance.py

clean: ## remove everything that was built
	@rm -rf build

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

# Ninja itself runs CMake again when a CMakeLists.txt changes.
$(RELEASE)/build.ninja: CMakePresets.json | setup
	@cmake --preset release -B $(RELEASE) $(if $(wildcard $(RELEASE)/CMakeCache.txt),,-DNORMLAB_UNITY=$(UNITY))
	@touch $@

ifneq ($(SETUP),no)
setup:
	@tools/setup.sh build test
setup-check:
	@tools/setup.sh build test check
endif
