/* Whole scenarios: files that extend each other, tables, texts, and the resolved scenario, which
 * loads alone to the same values. */
#include "../suite.h"
#include "example.h"

#include "../sim/provoke.h"

static const char *const names[] = {"facts.tsv", "base.yaml",  "middle.yaml",
                                    "top.yaml",  "again.yaml", NULL};

struct fixture {
    char folder[EXAMPLE_PATH_BYTES];
    struct sim_errors errors;
    struct scenario *scenario;
};

static struct fixture begin(void)
{
    struct fixture fixture = {0};
    example_folder(fixture.folder);
    example_write_table(fixture.folder);
    sim_errors_init(&fixture.errors);
    return fixture;
}

static void end(struct fixture *fixture)
{
    scenario_destroy(fixture->scenario);
    sim_errors_clear(&fixture->errors);
    example_remove(fixture->folder, names);
}

static enum sim_status load(struct fixture *fixture, const char *name)
{
    return example_load(&fixture->scenario, fixture->folder, name, &fixture->errors);
}

static void test_extends(void)
{
    struct fixture fixture = begin();
    example_write(fixture.folder, "base.yaml",
                  "remelt: 1\nname: base\ntitle: Base\ndescription: old\nreferences: [a, b]\n"
                  "parameters:\n"
                  "  smelter.loss: 0.1\n"
                  "  smelter.mode: molten\n"
                  "  loop.demand: {points: {2025: 1, 2030: 2}}\n");
    example_write(fixture.folder, "middle.yaml",
                  "remelt: 1\nname: middle\nextends: base.yaml\ndescription: new\n"
                  "parameters: {smelter.loss: 0.2}\n");
    example_write(fixture.folder, "top.yaml",
                  "remelt: 1\nname: top\nextends: middle.yaml\n"
                  "parameters: {loop.demand: {points: {2026: 3}}, car.share.ice: 0.75}\n");
    CU_ASSERT_EQUAL_FATAL(load(&fixture, "top.yaml"), SIM_OK);
    const struct scenario *scenario = fixture.scenario;
    const struct example_params *params = sim_config_block(scenario->config, 0);
    CU_ASSERT_EQUAL(params->loss, 0.2);
    CU_ASSERT_STRING_EQUAL(params->mode, "molten");
    CU_ASSERT_EQUAL(params->demand->count, 1); /* a time path is atomic */
    CU_ASSERT_EQUAL(params->share[0], 0.75);
    CU_ASSERT_STRING_EQUAL(scenario->name, "top");
    CU_ASSERT_STRING_EQUAL(scenario->title, "Base");
    CU_ASSERT_STRING_EQUAL(scenario->description, "new");
    CU_ASSERT_STRING_EQUAL(scenario->references, "a\nb");
    CU_ASSERT_PTR_NOT_NULL(strstr(scenario->resolved, "smelter.loss: 0.2 # t/t, middle.yaml:5"));
    CU_ASSERT_PTR_NOT_NULL(strstr(scenario->resolved, "smelter.mode: molten # 1, base.yaml:8"));
    CU_ASSERT_PTR_NOT_NULL(strstr(scenario->resolved, "loop.support: 3.5 # CNY/t, default"));
    CU_ASSERT_PTR_EQUAL(strstr(scenario->text, "# file: base.yaml\nremelt: 1\n"), scenario->text);
    CU_ASSERT_PTR_NOT_NULL(strstr(scenario->text, "\n# file: middle.yaml\nremelt: 1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(scenario->text, "\n# file: top.yaml\nremelt: 1\n"));
    end(&fixture);
}

static void test_cycles(void)
{
    struct fixture fixture = begin();
    example_write(fixture.folder, "top.yaml", "remelt: 1\nname: top\nextends: ./top.yaml\n");
    CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_BAD_DATA);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "top.yaml", "extends itself"));
    CU_ASSERT_PTR_NULL(fixture.scenario);
    end(&fixture);

    fixture = begin();
    example_write(fixture.folder, "top.yaml", "remelt: 1\nname: top\nextends: base.yaml\n");
    example_write(fixture.folder, "base.yaml", "remelt: 1\nname: base\nextends: middle.yaml\n");
    char from[EXAMPLE_PATH_BYTES], to[EXAMPLE_PATH_BYTES];
    CU_ASSERT_EQUAL(symlink(example_path(from, fixture.folder, "top.yaml"),
                            example_path(to, fixture.folder, "middle.yaml")),
                    0);
    CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_BAD_DATA);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "middle.yaml", "extends itself"));
    end(&fixture);
}

static void test_long_chain(void)
{
    struct fixture fixture = begin();
    char name[40], text[100];
    for (int i = 0; i < 17; i++) {
        snprintf(name, sizeof name, "%d.yaml", i);
        snprintf(text, sizeof text, "remelt: 1\nname: top\nextends: %d.yaml\n", i + 1);
        example_write(fixture.folder, name, text);
    }
    CU_ASSERT_EQUAL(load(&fixture, "0.yaml"), SIM_BAD_DATA);
    CU_ASSERT_EQUAL(fixture.errors.count, 1);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "15.yaml:3", "more than 16 files"));
    for (int i = 0; i < 17; i++) {
        char path[EXAMPLE_PATH_BYTES];
        snprintf(name, sizeof name, "%d.yaml", i);
        remove(example_path(path, fixture.folder, name));
    }
    end(&fixture);
}

static void test_missing(void)
{
    char path[EXAMPLE_PATH_BYTES];
    struct fixture fixture = begin();
    remove(
        example_path(path, fixture.folder, "facts.tsv")); /* not reported: its place is unknown */
    CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_NO_INPUT);
    CU_ASSERT_EQUAL(fixture.errors.count, 1);
    end(&fixture);

    fixture = begin(); /* the base is missing: what the file itself says is checked all the same */
    example_write(fixture.folder, "top.yaml",
                  "remelt: 1\nname: top\nextends: base.yaml\nparameters: {smelter.loss: 2}\n");
    CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_NO_INPUT);
    CU_ASSERT_EQUAL(fixture.errors.count, 2);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "base.yaml", "extended in line 3 of top.yaml"));
    CU_ASSERT_TRUE(example_says(&fixture.errors, "top.yaml:4", "from 0 to 0.4"));
    end(&fixture);

    fixture = begin(); /* a folder in place of the base */
    example_write(fixture.folder, "top.yaml", "remelt: 1\nname: top\nextends: .\n");
    CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_BAD_DATA);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "is a folder", "line 3 of top.yaml"));
    end(&fixture);
}

static void test_errors_of_all_files(void)
{
    struct fixture fixture = begin();
    example_write(fixture.folder, "base.yaml",
                  "remelt: 1\nname: base\nparameters: {smelter.loss: 2}\nrun: {seed: x}\n");
    example_write(
        fixture.folder, "top.yaml",
        "remelt: 1\nname: top\nextends: base.yaml\nparameters: {smelter.loss: 0.1, x: 1}\n");
    example_write(fixture.folder, "facts.tsv", "name\tvalue\tlow\na\tx\t\n");
    CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_BAD_DATA);
    CU_ASSERT_EQUAL(fixture.errors.count, 4);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "base.yaml:3", "from 0 to 0.4"));
    CU_ASSERT_TRUE(example_says(&fixture.errors, "base.yaml:4", "seed = x"));
    CU_ASSERT_TRUE(example_says(&fixture.errors, "top.yaml:4", "unknown parameter 'x'"));
    CU_ASSERT_TRUE(example_says(&fixture.errors, "facts.tsv:2", "'value' = 'x'"));
    end(&fixture);
}

static void test_refused_files(void)
{
    static const struct {
        const char *text, *where, *what;
    } cases[] = {
        {"name: top\n", "top.yaml:1", "the format version is missing"},
        {"remelt: 2\nname: top\nno: 1\n", "top.yaml:1", "remelt = 2"},
        {"remelt: '1'\nname: top\n", "top.yaml:1", "remelt = 1"},
        {"remelt: [1]\nname: top\n", "top.yaml:1", "remelt = a list"},
        {"- remelt: 1\n", "top.yaml:1", "the file holds a list"},
        {"remelt\n", "top.yaml:1", "the file holds text"},
        {"remelt: 1\n", "top.yaml:1", "name is missing"},
        {"remelt: 1\nname: a/b\n", "top.yaml:2", "name = a/b"},
        {"remelt: 1\nname: .a\n", "top.yaml:2", "name = .a"},
        {"remelt: 1\nname: [a]\n", "top.yaml:2", "name = a list"},
        {"remelt: 1\nname:\n", "top.yaml:2", "name = nothing"},
        {"remelt: 1\nname: top\nparameter: {}\n", "top.yaml:3", "parameter: unknown key"},
        {"remelt: 1\nname: top\ntitle: [a]\n", "top.yaml:3", "title is a list"},
        {"remelt: 1\nname: top\ndescription: {a: b}\n", "top.yaml:3", "description is a map"},
        {"remelt: 1\nname: top\nreferences: {a: b}\n", "top.yaml:3", "a list of texts"},
        {"remelt: 1\nname: top\nreferences: [[a]]\n", "top.yaml:3", "must be text"},
        {"remelt: 1\nname: top\nextends: [a]\n", "top.yaml:3", "extends is a list"},
        {"remelt: 1\nname: top\nextends:\n", "top.yaml:3", "extends is empty"},
    };
    for (size_t i = 0; i < SIM_COUNT(cases); i++) {
        struct fixture fixture = begin();
        example_write(fixture.folder, "top.yaml", cases[i].text);
        CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_BAD_DATA);
        CU_ASSERT_EQUAL(fixture.errors.count, 1);
        bool says = example_says(&fixture.errors, cases[i].where, cases[i].what);
        CU_ASSERT_TRUE(says);
        for (size_t k = 0; !says && k < fixture.errors.count; k++) {
            fprintf(stderr, "case %zu says: %s\n", i, fixture.errors.lines[k]);
        }
        end(&fixture);
    }
}

static void test_tables(void)
{
    struct fixture fixture = begin();
    example_write(fixture.folder, "top.yaml", "remelt: 1\nname: top\n");
    CU_ASSERT_EQUAL_FATAL(load(&fixture, "top.yaml"), SIM_OK);
    const struct sim_tables *tables = &fixture.scenario->tables;
    CU_ASSERT_EQUAL(tables->count, 2); /* two of three declarations are the same */
    const struct sim_table *first = sim_tables_get(tables, &example_tables[0]);
    CU_ASSERT_PTR_EQUAL(first, sim_tables_get(tables, &example_other_tables[0]));
    CU_ASSERT_EQUAL(sim_table_number(first, 1, 0), -300);
    const struct sim_table *other = sim_tables_get(tables, &example_other_tables[1]);
    CU_ASSERT_STRING_EQUAL(sim_table_text(other, 1, 0), "second");
    CU_ASSERT_EQUAL(first->hash, other->hash);
    end(&fixture);
}

/* data/ beside the root of `extends`, then $REMELT_DATA, then beside the file. */
static void test_places_of_tables(void)
{
    struct fixture fixture = begin();
    char deep[EXAMPLE_PATH_BYTES], data[EXAMPLE_PATH_BYTES], path[EXAMPLE_PATH_BYTES];
    example_write(fixture.folder, "top.yaml", "remelt: 1\nname: top\nextends: deep/base.yaml\n");
    mkdir(example_path(deep, fixture.folder, "deep"), 0700);
    mkdir(example_path(data, deep, "data"), 0700);
    example_write(deep, "base.yaml", "remelt: 1\nname: base\n");
    example_write(deep, "facts.tsv", "name\tvalue\tlow\nenvironment\t1\t\n");
    example_write(data, "facts.tsv", "name\tvalue\tlow\nroot\t1\t\n");
    static const char *const found[] = {"root", "environment", "first"};
    setenv("REMELT_DATA", deep, 1);
    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL_FATAL(load(&fixture, "top.yaml"), SIM_OK);
        const struct sim_table *table =
            sim_tables_get(&fixture.scenario->tables, &example_tables[0]);
        CU_ASSERT_STRING_EQUAL(sim_table_text(table, 0, 1), found[i]);
        scenario_destroy(fixture.scenario);
        fixture.scenario = NULL;
        remove(example_path(path, i == 0 ? data : deep, "facts.tsv"));
    }
    remove(example_path(path, fixture.folder, "facts.tsv"));
    CU_ASSERT_EQUAL(load(&fixture, "top.yaml"), SIM_NO_INPUT);
    CU_ASSERT_TRUE(example_says(&fixture.errors, "data table facts.tsv is missing", deep));
    unsetenv("REMELT_DATA");
    rmdir(data);
    remove(example_path(path, deep, "base.yaml"));
    rmdir(deep);
    end(&fixture);
}

/* Every value, bit by bit. */
static void compare(const struct scenario *a, const struct scenario *b)
{
    const struct example_params *p = sim_config_block(a->config, 0);
    const struct example_params *q = sim_config_block(b->config, 0);
    CU_ASSERT_EQUAL(p->loss, q->loss);
    CU_ASSERT_EQUAL(p->lots, q->lots);
    CU_ASSERT_STRING_EQUAL(p->mode, q->mode);
    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(p->share[i], q->share[i]);
    }
    CU_ASSERT_EQUAL_FATAL(p->demand->count, q->demand->count);
    CU_ASSERT_EQUAL(p->demand->interpolate, q->demand->interpolate);
    for (size_t i = 0; i < p->demand->count; i++) {
        CU_ASSERT_EQUAL(p->demand->years[i], q->demand->years[i]);
        CU_ASSERT_EQUAL(p->demand->values[i], q->demand->values[i]);
    }
    CU_ASSERT_EQUAL(sim_path_at(p->support, 2029), sim_path_at(q->support, 2029));
    CU_ASSERT_EQUAL_FATAL(a->policies.count, b->policies.count);
    for (size_t i = 0; i < a->policies.count; i++) {
        const struct sim_policy *x = &a->policies.items[i], *y = &b->policies.items[i];
        CU_ASSERT_STRING_EQUAL(x->id, y->id);
        CU_ASSERT_EQUAL(x->time, y->time);
        CU_ASSERT_PTR_EQUAL(x->type, y->type);
        CU_ASSERT_EQUAL(memcmp(x->values, y->values, sizeof x->values), 0);
    }
    CU_ASSERT_EQUAL_FATAL(a->uncertainty_count, b->uncertainty_count);
    for (size_t i = 0; i < a->uncertainty_count; i++) {
        CU_ASSERT_STRING_EQUAL(a->uncertainties[i].path, b->uncertainties[i].path);
        CU_ASSERT_EQUAL(memcmp(a->uncertainties[i].numbers, b->uncertainties[i].numbers,
                               sizeof a->uncertainties[i].numbers),
                        0);
    }
    CU_ASSERT_STRING_EQUAL(a->title, b->title);
    CU_ASSERT_STRING_EQUAL(a->description, b->description);
    CU_ASSERT_STRING_EQUAL(a->references, b->references);
    CU_ASSERT_EQUAL(a->run.until, b->run.until);
    CU_ASSERT_EQUAL(a->run.seed, b->run.seed);
    CU_ASSERT_STRING_EQUAL(a->run.output, b->run.output);
    CU_ASSERT_EQUAL(a->outputs.variable_count, b->outputs.variable_count);
    CU_ASSERT_EQUAL(scenario_point_count(a), scenario_point_count(b));
}

static void test_round_trip(void)
{
    struct fixture fixture = begin();
    example_write(
        fixture.folder, "base.yaml",
        "remelt: 1\nname: base\ntitle: \"a: 'b' \\\"c\\\" \\x07 \\u2028 \\uFFFE # \\u00e4\"\n"
        "description: >\n  Two lines\n  as one.\n\n  And more: {x}.\nreferences: [a, 'b: c']\n"
        "parameters:\n"
        "  smelter.loss: 0.1234567890123456789\n"
        "  loop.demand: {interpolate: step, points: {2025: 0.1, 2025-03-01: 1e-300, 2031.7: 33, "
        "1999-12-31: 7}}\n"
        "  loop.support: -0.3333333333333333333\n"
        "  car.share.far east: 1e-9\n"
        "policies:\n"
        "  - {id: b, date: 2060-12-31, type: ban, kind: far east}\n"
        "  - {id: a, date: 2024-02-29, type: tariff, kind: all, rate: 3.3333333333333335}\n");
    example_write(fixture.folder, "top.yaml",
                  "remelt: 1\nname: top\nextends: base.yaml\n"
                  "policies: [{id: a, years: 1.1}]\n"
                  "uncertainty: {smelter.loss: {triangular: [0.1, 0.2, 0.3]}, car.share.far east: "
                  "{uniform: [0.1, 0.3]}}\n"
                  "sweep: {grid: {smelter.loss: [0.1, 0.2 t/t], smelter.mode: ['gas', molten], "
                  "loop.support: [-1, +2, {points: {2025: -1 CNY/t}}]}}\n"
                  "run: {seed: 9, until: 2031-01-01, output: \"a # b.h5\"}\n"
                  "output: {variables: ['*', output]}\n");
    CU_ASSERT_EQUAL_FATAL(load(&fixture, "top.yaml"), SIM_OK);
    struct scenario *first = fixture.scenario;
    example_write(fixture.folder, "again.yaml", first->resolved);
    CU_ASSERT_EQUAL(load(&fixture, "again.yaml"), SIM_OK);
    for (size_t i = 0; i < fixture.errors.count; i++) {
        fprintf(stderr, "%s\n", fixture.errors.lines[i]);
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(fixture.scenario);
    compare(first, fixture.scenario);
    CU_ASSERT_STRING_EQUAL(first->name, fixture.scenario->name);
    scenario_destroy(first);
    end(&fixture);
}

static void test_defaults_round_trip(void)
{
    struct fixture fixture = begin();
    example_write(fixture.folder, "top.yaml", "remelt: 1\nname: top\nrun: {output: x}\n");
    CU_ASSERT_EQUAL_FATAL(load(&fixture, "top.yaml"), SIM_OK);
    struct scenario *first = fixture.scenario;
    example_write(fixture.folder, "again.yaml", first->resolved);
    CU_ASSERT_EQUAL_FATAL(load(&fixture, "again.yaml"), SIM_OK);
    compare(first, fixture.scenario);
    scenario_destroy(first);
    end(&fixture);
}

/* In the current folder, which the test changes to. */
static bool attempt(void)
{
    struct sim_errors errors;
    struct scenario *scenario = NULL, *point = NULL;
    sim_errors_init(&errors);
    enum sim_status status = scenario_load(&scenario, "top.yaml", example_components,
                                           EXAMPLE_COMPONENTS, NULL, 0, &errors);
    sim_require((status == SIM_OK) == (scenario != NULL), "status %d", (int)status);
    if (scenario != NULL) {
        sim_require(scenario->policies.count == 2 && scenario->tables.count == 2 &&
                        scenario->uncertainty_count == 1 && scenario_point_count(scenario) == 4,
                    "something was lost");
        status = scenario_point(&point, scenario, 3, &errors);
        sim_require((status == SIM_OK) == (point != NULL), "status %d", (int)status);
        scenario_destroy(point);
    }
    scenario_destroy(scenario);
    sim_errors_clear(&errors);
    return status == SIM_OK;
}

static void test_memory(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizers' heap cannot be exhausted");
        return;
    }
    struct fixture fixture = begin();
    example_write(fixture.folder, "base.yaml",
                  "remelt: 1\nname: base\nreferences: [a, b]\n"
                  "parameters: {loop.demand: {points: {2025: 1, 2030: 2}}, smelter.mode: molten}\n"
                  "policies: [{id: a, date: 2026, type: ban}]\n"
                  "uncertainty: {smelter.loss: {uniform: [0.1, 0.2]}}\n"
                  "run: {output: x.h5}\n");
    example_write(fixture.folder, "top.yaml",
                  "remelt: 1\nname: top\nextends: base.yaml\n"
                  "policies: [{id: b, date: 2026, type: ban}, {id: a, kind: ice}]\n"
                  "sweep: {latin_hypercube: {points: 4, parameters: {smelter.loss: plausible}}}\n"
                  "output: {variables: [output, '*_by_kind']}\n");
    char before[EXAMPLE_PATH_BYTES];
    CU_ASSERT_PTR_NOT_NULL_FATAL(getcwd(before, sizeof before));
    CU_ASSERT_EQUAL_FATAL(chdir(fixture.folder), 0);
    int failed = provoke_starved(attempt);
    CU_ASSERT_EQUAL(chdir(before), 0);
    CU_ASSERT_TRUE(failed > 10);
    end(&fixture);
}

int main(void)
{
    CU_TestInfo tests[] = {{"extends", test_extends},
                           {"cycles", test_cycles},
                           {"long chain", test_long_chain},
                           {"missing", test_missing},
                           {"errors of all files", test_errors_of_all_files},
                           {"refused files", test_refused_files},
                           {"tables", test_tables},
                           {"places of tables", test_places_of_tables},
                           {"round trip", test_round_trip},
                           {"out of memory", test_memory},
                           {"round trip of defaults", test_defaults_round_trip},
                           CU_TEST_INFO_NULL};
    return suite_run("scenarios/scenario", tests);
}
