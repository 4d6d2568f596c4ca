# Phiên Chợ: one Makefile for the whole house.
#
#   make                   build the three programs into build/
#   make demo              install what is missing, build, replay a fair
#   make test              install what is missing, build, run every test
#   make test T=money      only the tests with that word in their name
#   make web               install a browser, drive every page with it
#   make install           PREFIX=/usr/local, DESTDIR for packagers
#
#   make fresh             demo and test on a bare Debian (SUITE=trixie)
#   make soak              the promises at a release's counts; HOURS=8
#   make mutants           take safeguards out and see the tests fail
#   make bench             measure; B=WORD only those, LONG=1 with 10^6 sales
#   make fuzz F=event T=30 feed a decoder garbage for 30 seconds
#   make coverage          line coverage of what is fuzzed, 95 % or more
#   make asan              build with sanitizers into build/asan
#   make tsan              build with ThreadSanitizer into build/tsan
#   make capacity          write CAPACITY.md from measured figures
#   make layers            prove that no folder reaches where it must not
#   make tidy              clang-tidy with its analyzer over every source
#   make format            clang-format; format-check only looks
#   make pot               collect the texts, and what vi.po lacks
#   make help              this list
#
# Variables: V=1 shows commands, BUILD=DIR builds elsewhere, CI=true or
# WERROR=1 turns warnings into errors, CFLAGS and LDFLAGS are yours.

BUILD   ?= build
PREFIX  ?= /usr/local
CFLAGS  ?= -O2 -g
V       ?= 0
T       ?=
F       ?= event
TESTJOBS ?= $(shell nproc)

.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.DEFAULT_GOAL := all

# ---- what is built from what ----------------------------------------------
# A module is a folder, an archive and the libraries it may use. A program
# is its main.c, its module and libfair; everything but main.c is in the
# archives, so that tests and the simulator link the same objects.

modules := fair pos agent aggregator

src.fair       := $(wildcard sync/core/*.c)
src.pos        := $(wildcard pos/*.c pos/*/*.c)
src.agent      := $(wildcard sync/agent/*.c)
src.aggregator := $(wildcard sync/aggregator/*.c sync/aggregator/*/*.c)

# Files that become part of a program as they are.
embed.fair       := $(wildcard sync/core/*.sql config/*.conf)
embed.pos        := $(wildcard pos/*/*.sql) config/sample/catalogue.csv
embed.agent      := $(wildcard sync/agent/*.sql)
embed.aggregator := $(wildcard sync/aggregator/store/*.sql \
                      $(addprefix sync/aggregator/web/*.,css js svg yaml))

pkgs.fair       := sqlite3 libsodium libutf8proc inih jansson nettle
pkgs.pos        := $(pkgs.fair) ncursesw libqrencode freetype2
pkgs.agent      := $(pkgs.fair) libcurl
pkgs.aggregator := $(pkgs.fair) libmicrohttpd gnutls xlsxwriter zlib libzstd \
                   libpq
pkgs.sim        := $(sort $(pkgs.pos) $(pkgs.agent) $(pkgs.aggregator))
pkgs.tests      := $(pkgs.sim) cmocka vterm

main.fair-pos        := pos/main.c
main.fair-sync       := sync/agent/main.c
main.fair-aggregator := sync/aggregator/main.c
module.fair-pos        := pos
module.fair-sync       := agent
module.fair-aggregator := aggregator

programs := $(foreach p,fair-pos fair-sync fair-aggregator, \
              $(if $(wildcard $(main.$p)),$p))
mains    := $(foreach p,$(programs),$(main.$p))

test_groups := unit screens flow fault
trust_src   := $(wildcard tests/trust/test_*.c)
test_src    := $(foreach g,$(test_groups),$(wildcard tests/$g/test_*.c)) \
               $(wildcard tests/postgres/*.c)
test_help   := $(wildcard tests/support/*.c)
bench_src   := $(wildcard tests/bench/*.c)
budget_src  := $(wildcard tests/budget/*.c)
fuzz_src    := $(wildcard tests/fuzz/fuzz_*.c)
replay_src  := $(wildcard tests/fuzz/replay.c)
sim_main    := $(wildcard tests/sim/main.c)
sim_src     := $(filter-out tests/sim/main.c,$(wildcard tests/sim/*.c))

# ---- flags ------------------------------------------------------------------

warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
    -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef \
    -Wcast-qual -Wwrite-strings -Wswitch-enum \
    $(if $(filter true 1,$(CI) $(WERROR)),-Werror)

# SANITIZE=address,undefined replaces hardening, which hides some findings.
fortify  := $(if $(filter -O0,$(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
guard    := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
              -fno-sanitize-recover=undefined, \
              $(fortify) -fstack-protector-strong)

language := -std=c17 -D_XOPEN_SOURCE=700 -Iinclude -I. \
    -DLOCALEDIR='"$(PREFIX)/share/locale"'

ALLCFLAGS  = $(language) -pthread $(warnings) $(guard) $(CFLAGS)
ALLLDFLAGS = -pthread -Wl,--as-needed -Wl,-z,relro,-z,now \
             $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(LDFLAGS)

# pkg-config is asked once per module and only when something is compiled.
# Some libraries are never linked: who asks for them loads them.
loaded   := libpq
once     = $(eval $1 := $(shell $2))$($1)
includes = $(call once,includes.$1,pkg-config --cflags-only-I $(pkgs.$1))
libs     = $(call once,libs.$1,pkg-config --libs $(filter-out $(loaded), \
             $(pkgs.$1)))

# ... by the names that they have here, which `define` says of one object.
soname   = $(shell readelf -d "$$($(CC) -print-file-name=lib$1.so)" | \
             sed -n 's/.*(SONAME).*\[\(.*\)\].*/\1/p')
library  = $(if $(call soname,$1),-DLIBRARY='"$(call soname,$1)"')

# `  CC  file` for people, the whole command with V=1.
say  = $(if $(filter 1,$V),,@printf '  %-4s%s\n' '$1' '$(@:$(BUILD)/%=%)';)
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(TESTJOBS))
sub  = $(MAKE) --no-print-directory $(jobs)

# ---- names ------------------------------------------------------------------

objs     = $(patsubst %.c,$(BUILD)/obj/%.o,$1)
embeds   = $(patsubst %,$(BUILD)/obj/%.o,$1)
archives := $(modules:%=$(BUILD)/lib%.a)
asked     = $(if $T,$(findstring $T,$1),$1)
test_bin := $(patsubst %.c,$(BUILD)/tests/%,$(notdir $(test_src)))
trust_bin := $(patsubst %.c,$(BUILD)/tests/%,$(notdir $(trust_src)))
wanted   := $(patsubst %.c,$(BUILD)/tests/%,$(notdir \
              $(if $T,$(foreach t,$(test_src),$(if $(findstring $T,$t),$t)), \
              $(test_src))))
# What tests/postgres/run starts besides its own.
wanted   += $(if $(findstring $T,postgres/run),$(patsubst %, \
              $(BUILD)/tests/%,$(shell sed 's/\#.*//' tests/postgres/programs)))
# Those of the promises count in millions: they run without sanitizers, some
# of them on PostgreSQL.
trust_wanted = $(foreach t,$(trust_bin),$(if $(call asked,trust/$(notdir $t) \
                 postgres/run),$t))
bench_bin := $(if $(bench_src),$(BUILD)/bench)
budget_bin := $(if $(budget_src),$(BUILD)/budget)
fuzz_bin := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(fuzz_src))
replay_bin := $(fuzz_bin:$(BUILD)/fuzz_%=$(BUILD)/replay_%)
sim_bin  := $(if $(sim_main),$(BUILD)/sim)
all_src  := $(foreach m,$(modules),$(src.$m)) $(test_src) $(test_help) \
            $(trust_src) $(bench_src) $(budget_src) $(fuzz_src) \
            $(replay_src) $(sim_main) $(sim_src)
c_files  := $(all_src) $(wildcard include/fair/*.h pos/*/*.h \
              sync/core/*.h sync/agent/*.h sync/aggregator/*.h \
              sync/aggregator/*/*.h tests/*/*.h)
locales  := $(patsubst config/po/%.po,%,$(wildcard config/po/*.po))
catalogs := $(locales:%=$(BUILD)/locale/%/LC_MESSAGES/phien-cho.mo)

.PHONY: all demo test web fresh asan tsan bench capacity soak mutants layers \
        fuzz fuzz-build coverage coverage-build tidy format format-check pot \
        docs install help clean whole test-build tsan-build asan-whole \
        tsan-whole FORCE

all: $(BUILD)/libfair.a $(programs:%=$(BUILD)/%) $(catalogs)

# ---- compile ----------------------------------------------------------------

# Objects are made again when the compiler or its flags change, archives when
# a source comes or goes.
$(BUILD)/flags: text = $(CC) $(ALLCFLAGS) $(ALLLDFLAGS)
$(BUILD)/sources: text = $(all_src)
$(BUILD)/flags $(BUILD)/sources: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(text))' >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# Without its libraries a module is not tried: the reason comes first.
$(BUILD)/have/%:
	@config/have-libraries.sh $(pkgs.$*)
	@mkdir -p $(@D) && touch $@

$(call objs,$(all_src)): $(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALLCFLAGS) $(call includes,$(group)) $(define) \
	    -MMD -MP -c -o $@ $<
$(call objs,sync/aggregator/http/mhd.c): define = $(call library,microhttpd)
$(call objs,sync/core/hashing.c): define = $(call library,nettle)
$(call objs,sync/aggregator/ingest/gnutls.c): define = $(call library,gnutls)
$(call objs,sync/aggregator/report/xlsx.c): define = $(call library,xlsxwriter)

# An embedded file x/y.z is `extern const char embedded_x_y_z[]`, ended by a
# NUL at embedded_x_y_z_end. The object depends on the file itself.
embedded := $(call embeds,$(foreach m,$(modules),$(embed.$m)))
$(embedded): $(BUILD)/obj/%.o: % $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,EMB)s=embedded_$$(printf %s '$<' | tr -c a-zA-Z0-9 _); \
	printf '%s\n' '.section .rodata' ".globl $$s, $${s}_end" "$$s:" \
	    '.incbin "$<"' "$${s}_end:" '.byte 0' \
	    '.section .note.GNU-stack,"",%progbits' \
	    | $(CC) -c -x assembler -o $@ -

# Which libraries' headers an object may see; checked before it is compiled.
define owns
$(call objs,$2): group := $1
$(call objs,$2): | $(BUILD)/have/$1
endef
$(foreach m,$(modules),$(eval $(call owns,$m,$(src.$m))))
$(eval $(call owns,sim,$(sim_main) $(sim_src) $(bench_src) $(budget_src) \
    $(fuzz_src) $(replay_src)))
$(eval $(call owns,tests,$(test_src) $(trust_src) $(test_help)))

# ---- link -------------------------------------------------------------------

archive = $(call say,AR)rm -f $@; $(AR) rcs $@ $(filter %.o,$^)
link    = $(call say,LD)$(CC) $(ALLCFLAGS) $(ALLLDFLAGS) -o $@ \
          $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) \
          -Wl,--end-group $(call libs,$1)

define module_rule
$(BUILD)/lib$1.a: $(call objs,$(filter-out $(mains),$(src.$1))) \
                  $(call embeds,$(embed.$1))
endef
$(foreach m,$(modules),$(eval $(call module_rule,$m)))
$(BUILD)/libsim.a: $(call objs,$(sim_src))
$(BUILD)/libsupport.a: $(call objs,$(test_help))

$(archives) $(BUILD)/libsim.a $(BUILD)/libsupport.a: $(BUILD)/sources
	@mkdir -p $(@D)
	$(archive)

define program_rule
$(BUILD)/$1: $(call objs,$(main.$1)) $(BUILD)/lib$(module.$1).a \
             $(BUILD)/libfair.a
	$$(call link,$(module.$1))
endef
$(foreach p,$(programs),$(eval $(call program_rule,$p)))

$(BUILD)/sim: $(call objs,$(sim_main)) $(BUILD)/libsim.a $(archives)
	$(call link,sim)

$(foreach t,$(test_src) $(trust_src),$(eval \
  $(BUILD)/tests/$(basename $(notdir $t)): $(call objs,$t)))
$(test_bin) $(trust_bin): $(BUILD)/libsupport.a $(BUILD)/libsim.a $(archives)
	@mkdir -p $(@D)
	$(call link,tests)

# Simulations of tests/support/quick.h: calls of these go to its stand-ins, and
# from there to the real ones unless a simulation has begun.
quick_calls := sign_make sign_check key_from_seed key_load admission_load \
    ledger_open ledger_close ledger_state ledger_errmsg ledger_get \
    ledger_each inbox_open inbox_close inbox_errmsg inbox_state inbox_list \
    inbox_set_ack inbox_set_contact inbox_set_state inbox_notice
quick_bin := $(patsubst tests/trust/%.c,$(BUILD)/tests/%, \
    $(shell grep -ls 'support/simnet.h' $(trust_src)))
$(quick_bin): private ALLLDFLAGS += $(quick_calls:%=-Wl,--wrap=%)

$(BUILD)/bench: $(call objs,$(bench_src)) $(BUILD)/libsupport.a \
                $(BUILD)/libsim.a $(archives)
	$(call link,tests)

# What the till costs, for callgrind; the stand it sells at is the bench's.
$(BUILD)/budget: $(call objs,$(budget_src) tests/bench/stand.c \
                   tests/bench/yard.c) $(BUILD)/libsupport.a \
                 $(BUILD)/libsim.a $(archives)
	$(call link,tests)

fuzz_with := $(call objs,$(patsubst %,tests/support/%.c, \
               scratch book till till_fixture)) \
             $(foreach m,fair pos aggregator,$(BUILD)/lib$m.a)
$(fuzz_bin): $(BUILD)/%: $(BUILD)/obj/tests/fuzz/%.o $(fuzz_with)
	$(call link,sim)
$(replay_bin): $(BUILD)/replay_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o \
               $(call objs,$(replay_src)) $(fuzz_with)
	$(call link,sim)

-include $(patsubst %.o,%.d,$(call objs,$(all_src)))

# ---- translations -----------------------------------------------------------

$(catalogs): $(BUILD)/locale/%/LC_MESSAGES/phien-cho.mo: config/po/%.po
	@mkdir -p $(@D)
	@command -v msgfmt >/dev/null || { echo "msgfmt is missing: install \
	gettext, or run make demo or make test, which do" >&2; exit 1; }
	$(call say,MO)msgfmt -c -o $@ $<

pot:
	config/po/collect.sh config/po/phien-cho.pot
	for po in config/po/*.po; do \
	    msgmerge -q -U --backup=none "$$po" config/po/phien-cho.pot; done

# ---- run --------------------------------------------------------------------

demo:
	@config/install-packages.sh build
	+@$(sub) whole
	@$(BUILD)/sim demo --build $(BUILD)

# The programs and the simulator; and what the tests need besides.
whole: all $(sim_bin)
	@:

test-build: whole $(wanted)
	@:

# Lines and names are enough to read a report, and compiled sooner.
checked := CFLAGS='-O2 -g1'
asan:
	+@$(sub) BUILD=$(BUILD)/asan SANITIZE=address,undefined $(checked) test-build

# What tests/threads/run runs.
threads_bin = $(if $(call asked,threads/run),$(patsubst %, \
                $(BUILD)/tests/%,$(shell sed 's/\#.*//' tests/threads/programs)))
tsan:
	+@$(sub) BUILD=$(BUILD)/tsan SANITIZE=thread $(checked) tsan-build
tsan-build: $(if $(threads_bin),whole) $(threads_bin)
	@:

# Programs run under sanitizers; runner scripts drive the plain build.
test:
	@config/install-packages.sh build test postgresql
	+@$(sub) whole $(budget_bin) $(trust_wanted)
	+@$(sub) asan
	+@$(sub) tsan
	+@$(if $(call asked,fuzz/run),$(sub) fuzz-build)
	@BUILD=$(BUILD) T='$T' TESTJOBS=$(TESTJOBS) tests/run

# Pages in a browser, spreadsheets in a spreadsheet program; `.ci/run` adds it.
web:
	@config/install-packages.sh build test web
	+@$(sub) whole
	@BUILD=$(BUILD) LIMIT=900 TESTJOBS=$(TESTJOBS) tests/run web

# HOURS=N stops it then; the next `make soak` goes on from there.
soak:
	@config/install-packages.sh build test postgresql
	+@$(sub) whole $(trust_bin) $(test_bin)
	+@$(sub) asan-whole tsan-whole fuzz-build
	@BUILD=$(BUILD) TESTJOBS=$(TESTJOBS) tests/trust/soak $(or $(HOURS),1)
asan-whole: sanitize = address,undefined
tsan-whole: sanitize = thread
asan-whole tsan-whole: %-whole:
	+@$(MAKE) --no-print-directory BUILD=$(BUILD)/$* SANITIZE=$(sanitize) T= \
	    $(checked) \
	    test-build $(patsubst $(BUILD)/%,$(BUILD)/$*/%,$(trust_bin))

# Each safeguard of tests/trust/mutants.tsv taken out: does its test notice?
mutants:
	+@$(sub) whole
	@BUILD=$(BUILD) tests/trust/mutants $(if $T,$T)

fresh:
	@tests/fresh.sh

# The files lie on the disk of the build: memory would hide what a sync costs.
# A server runs beside it when it is asked for (B=postgres) or all is.
bench: beside = $(if $B,$(if $(findstring postgres,$B),$(server)),$(server))
bench: server = tests/postgres/with-server
bench:
	@config/install-packages.sh build test $(if $(beside),postgresql)
	+@$(sub) whole $(bench_bin) $(budget_bin)
	@mkdir -p $(BUILD)/bench-files
	@BUILD=$(BUILD) LONG=$(LONG) TMPDIR=$(abspath $(BUILD))/bench-files \
	    $(beside) $(bench_bin) $B

# The capacity page, from the figures that tests/bench/capacity --take kept.
capacity:
	@tests/bench/capacity

# make fuzz F=event T=30: thirty seconds on tests/fuzz/fuzz_event.c
fuzz:
	+@$(sub) fuzz-build fuzz_wanted=$(BUILD)/fuzz/fuzz_$F
	@mkdir -p $(BUILD)/fuzz/corpus/$F
	@$(BUILD)/fuzz/fuzz_$F -max_total_time=$(or $T,30) -print_final_stats=1 \
	    $(patsubst %,-dict=%,$(wildcard tests/fuzz/dict/$F.dict)) \
	    $(BUILD)/fuzz/corpus/$F $(wildcard tests/fuzz/corpus/$F)

# One build of the decoders for all of them, made to be fed garbage.
fuzz_wanted = $(patsubst $(BUILD)/%,$(BUILD)/fuzz/%,$(fuzz_bin))
fuzz-build:
	@command -v clang >/dev/null || { echo "clang is missing: run \
	config/install-packages.sh test" >&2; exit 1; }
	+@$(sub) BUILD=$(BUILD)/fuzz CC=clang T= CFLAGS='-O1 -gline-tables-only' \
	    SANITIZE=fuzzer-no-link,address,undefined \
	    LDFLAGS=-fsanitize=fuzzer $(fuzz_wanted)

# How much of what reads bytes of others the corpora reach.
coverage:
	+@$(sub) BUILD=$(BUILD)/coverage T= CFLAGS='-O0 --coverage' \
	    LDFLAGS=--coverage coverage-build
	@BUILD=$(BUILD)/coverage TESTJOBS=$(TESTJOBS) tests/fuzz/coverage

coverage-build: $(replay_bin)
	@:

layers: all
	@BUILD=$(BUILD) tests/lint/layers

tidy: $(BUILD)/have/tests
	@BUILD=$(BUILD) TESTJOBS=$(TESTJOBS) tests/static/run --analyzer

# For tests/static/run, a word a line: what sources are compiled with, which.
.PHONY: print-flags print-sources
print-flags:
	@printf '%s\n' $(language) $(warnings) $(call includes,tests)
print-sources:
	@printf '%s\n' $(filter %.c,$(c_files))

format:
	clang-format -i $(c_files)

format-check:
	clang-format --dry-run -Werror $(c_files)

docs: all
	FAIR_BUILD=$(BUILD) tests/contract/docs --write

install: units = $(DESTDIR)$(PREFIX)/lib/systemd/system
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/phien-cho
	install $(programs:%=$(BUILD)/%) $(DESTDIR)$(PREFIX)/bin
	for c in $(wildcard config/*.conf); do \
	    install -m 644 $$c $(DESTDIR)$(PREFIX)/share/phien-cho; done
	install -d $(DESTDIR)$(PREFIX)/share/phien-cho/procedures
	install -m 644 config/procedures/*.md \
	    $(DESTDIR)$(PREFIX)/share/phien-cho/procedures
	install config/systemd/nightly $(DESTDIR)$(PREFIX)/share/phien-cho
	sed 's|@PREFIX@|$(PREFIX)|g' config/systemd/backup-over-network.conf \
	    >$(DESTDIR)$(PREFIX)/share/phien-cho/backup-over-network.conf
	chmod 644 $(DESTDIR)$(PREFIX)/share/phien-cho/backup-over-network.conf
	install -d $(units)
	for u in $(notdir $(wildcard config/systemd/*.service \
	    config/systemd/*.timer)); do \
	    sed 's|@PREFIX@|$(PREFIX)|g' config/systemd/$$u >$(units)/$$u && \
	    chmod 644 $(units)/$$u || exit 1; done
	for d in sysusers tmpfiles; do \
	    install -D -m 644 config/systemd/phien-cho.$$d \
	    $(DESTDIR)$(PREFIX)/lib/$$d.d/phien-cho.conf || exit 1; done
	for l in $(locales); do \
	    install -D -m 644 $(BUILD)/locale/$$l/LC_MESSAGES/phien-cho.mo \
	    $(DESTDIR)$(PREFIX)/share/locale/$$l/LC_MESSAGES/phien-cho.mo; \
	done

clean:
	rm -rf $(BUILD)

help:
	@sed -n '/^# Var/,/^$$/s/^# //p; s/^#   \(make .*\)/\1/p' Makefile
