/* Plans: equal ones have equal hashes, contradictions are refused, damage on disk is noticed. */
#include "../../output/chunk.h"
#include "../suite.h"
#include "fixture.h"

#include <fcntl.h>

static uint64_t hash_of(struct fixture *f)
{
    struct output_plan *plan;
    CU_ASSERT_EQUAL(output_plan_create(&plan, &f->request, &f->errors), SIM_OK);
    uint64_t hash = plan ? plan->hash : 0;
    output_plan_destroy(plan);
    return hash;
}

/* Whatever can change a result changes the hash. */
static void test_hash(void)
{
    struct fixture f;
    fixture_open(&f, "hash");
    const struct output_request request = f.request;
    CU_ASSERT_EQUAL(hash_of(&f), f.plan->hash);
    f.request.seed++;
    CU_ASSERT_NOT_EQUAL(hash_of(&f), f.plan->hash);
    f.request = request;
    f.request.last++;
    CU_ASSERT_NOT_EQUAL(hash_of(&f), f.plan->hash);
    f.request = request;
    f.request.version = "0.1.1";
    CU_ASSERT_NOT_EQUAL(hash_of(&f), f.plan->hash);
    f.request = request;
    f.request.source_count = 1;
    CU_ASSERT_NOT_EQUAL(hash_of(&f), f.plan->hash);
    f.request = request;
    const char *const some[] = {"output"};
    f.request.variables = some;
    f.request.variable_count = 1;
    CU_ASSERT_NOT_EQUAL(hash_of(&f), f.plan->hash);
    f.request = request;
    char text[200];
    CU_ASSERT_PTR_NULL(sim_config_set_number(f.config, "smelter.melt_loss", 0.0251, NULL, "test",
                                             text, sizeof text));
    CU_ASSERT_NOT_EQUAL(hash_of(&f), f.plan->hash);
    fixture_close(&f);
}

static void test_contents(void)
{
    struct fixture f;
    fixture_open(&f, "contents");
    const struct output_plan *p = f.plan;
    CU_ASSERT_EQUAL(p->dimension_count, 4);
    CU_ASSERT_EQUAL(p->variable_count, f.layout.count);
    CU_ASSERT_EQUAL(p->parameter_count, 5);
    CU_ASSERT_EQUAL(p->parameters[0].numbers[1], 0.025);
    CU_ASSERT_EQUAL(p->parameters[2].curves[1].values[1], 250);
    CU_ASSERT_EQUAL(p->parameters[3].numbers[5], 0.4);
    CU_ASSERT_STRING_EQUAL(p->parameters[4].choices[1], "fifo");
    CU_ASSERT_STRING_EQUAL(p->scenarios[1].name, "再生铝");
    CU_ASSERT(output_plan_detail(p, 4) && !output_plan_detail(p, 5) && !output_plan_detail(p, 1));
    CU_ASSERT_EQUAL(output_plan_tasks(p), 14);
    const char *const names[] = {"*_by_*", "capacity"};
    f.request.variables = names;
    f.request.variable_count = 2;
    f.request.detail_replicates = 0; /* then no variable by province is there */
    struct output_plan *chosen;
    CU_ASSERT_EQUAL_FATAL(output_plan_create(&chosen, &f.request, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(chosen->variable_count, 2);
    CU_ASSERT_STRING_EQUAL(chosen->variables[0].output->name, "capacity");
    CU_ASSERT_EQUAL(chosen->variables[1].offset, f.layout.variables[3].offset);
    output_plan_destroy(chosen);
    fixture_close(&f);
}

/* Chunks hold whole months, about 64 kB, and all of them. */
static void test_chunks(void)
{
    struct fixture f;
    fixture_open(&f, "chunks");
    size_t split = 0;
    for (size_t i = 0; i < f.plan->variable_count; i++) {
        const struct sim_variable *v = &f.plan->variables[i];
        struct output_chunking c = output_chunk_shape(v);
        CU_ASSERT(c.steps * c.chunks >= v->steps && c.steps * (c.chunks - 1) < v->steps);
        CU_ASSERT_EQUAL(c.bytes, c.steps * v->cells * c.width);
        CU_ASSERT(c.bytes <= OUTPUT_CHUNK_BYTES);
        split += c.chunks > 1;
    }
    CU_ASSERT_EQUAL(split, 1); /* metal_flow, with a last chunk that is not full */
    fixture_close(&f);
}

static void refused(struct fixture *f, const char *said)
{
    struct output_plan *plan;
    CU_ASSERT_EQUAL(output_plan_create(&plan, &f->request, &f->errors), SIM_BAD_DATA);
    CU_ASSERT_PTR_NULL(plan);
    CU_ASSERT(fixture_said(&f->errors, said));
    fixture_forget(f);
}

/* A plan of one output row and what is wrong with it. */
static void refused_rows(struct fixture *f, const struct sim_output *rows, size_t count,
                         const char *said)
{
    struct sim_component component = {
        .name = "one", .doc = "for tests", .outputs = rows, .output_count = count};
    const struct sim_component *const components[] = {&component};
    struct sim_layout layout;
    CU_ASSERT(sim_layout_init(&layout, components, 1, 12, 24, 1990, 30));
    const struct output_request request = f->request;
    for (size_t i = 0; i < request.source_count; i++)
        f->sources[i].config = NULL;
    f->request.components = components;
    f->request.layout = &layout;
    refused(f, said);
    f->request = request;
    sim_layout_clear(&layout);
}

static void test_refused(void)
{
    struct fixture f;
    fixture_open(&f, "refused");
    const struct output_request request = f.request;
    f.request.first = f.request.last;
    refused(&f, "there are none");
    f.request = request;
    const char *const names[] = {"outptu", "all", "none*"};
    f.request.variables = names;
    f.request.variable_count = 3;
    struct output_plan *plan;
    CU_ASSERT_EQUAL(output_plan_create(&plan, &f.request, &f.errors), SIM_BAD_DATA);
    CU_ASSERT(fixture_said(&f.errors, "\"outptu\"") && fixture_said(&f.errors, "\"none*\""));
    fixture_forget(&f);
    f.request.variables = (const char *const[]){"*_by_province"};
    f.request.variable_count = 1;
    f.request.detail_replicates = 0;
    refused(&f, "no output variable is left");
    f.request = request;
    f.sources[1].name = "baseline";
    refused(&f, "given twice");
    f.sources[1].name = "other";
    static const char *const labels[] = {"a", "b"};
    static const struct sim_dimension other = {"sector", "other labels", 2, labels};
    static const struct sim_dimension time = {"time", "reserved", 2, labels};
    const struct sim_output row = {.name = "x", .unit = "1", .long_name = "x"};
    struct sim_output rows[] = {row, row};
    refused_rows(&f, rows, 2, "used twice");
    rows[0].dims[0] = rows[0].dims[1] = &fixture_sector;
    refused_rows(&f, rows, 1, "both axes");
    rows[0].dims[1] = &other;
    refused_rows(&f, rows, 1, "different labels");
    rows[0].dims[0] = &time;
    rows[0].dims[1] = NULL;
    refused_rows(&f, rows, 1, "reserved");
    rows[0].dims[0] = NULL;
    rows[0].name = "status";
    refused_rows(&f, rows, 1, "reserved");
    fixture_close(&f);
}

static void damage(const char *path, off_t at)
{
    int file = open(path, O_RDWR);
    unsigned char byte = 0;
    CU_ASSERT_EQUAL(pread(file, &byte, 1, at), 1);
    byte ^= 0x10;
    CU_ASSERT_EQUAL(pwrite(file, &byte, 1, at), 1);
    close(file);
}

static void test_store(void)
{
    struct fixture f;
    char path[400];
    struct stat about;
    struct output_plan *loaded;
    fixture_open(&f, "store");
    snprintf(path, sizeof path, "%s/plan", f.parts);
    CU_ASSERT_EQUAL(output_plan_load(&loaded, f.parts, &f.errors), SIM_NO_INPUT);
    fixture_forget(&f);
    CU_ASSERT_EQUAL(output_plan_save(f.plan, f.parts, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(output_plan_save(f.plan, f.parts, &f.errors), SIM_OK); /* the same again */
    CU_ASSERT_EQUAL_FATAL(output_plan_load(&loaded, f.parts, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(loaded->hash, f.plan->hash);
    CU_ASSERT_EQUAL(memcmp(loaded->bytes, f.plan->bytes, f.plan->byte_count), 0);
    output_plan_destroy(loaded);
    CU_ASSERT_EQUAL(stat(path, &about), 0);
    for (off_t at = 0; at < about.st_size; at += 97) {
        damage(path, at);
        CU_ASSERT_EQUAL(output_plan_load(&loaded, f.parts, &f.errors), SIM_BAD_DATA);
        CU_ASSERT_EQUAL(output_plan_save(f.plan, f.parts, &f.errors), SIM_BAD_DATA);
        damage(path, at);
    }
    for (off_t size = about.st_size - 1; size >= 0; size -= 211) {
        CU_ASSERT_EQUAL(truncate(path, size), 0);
        CU_ASSERT_EQUAL(output_plan_load(&loaded, f.parts, &f.errors), SIM_BAD_DATA);
    }
    fixture_close(&f);
}

/* Bytes that a hash does not protect: the parser itself must not read astray. */
static void test_parse(void)
{
    struct fixture f;
    fixture_open(&f, "parse");
    size_t size = f.plan->byte_count, parsed = 0;
    for (size_t at = 0; at < size; at++) {
        for (int how = 0; how < 3; how++) {
            size_t length = how == 2 ? at : size;
            unsigned char *bytes = malloc(length + 1);
            memcpy(bytes, f.plan->bytes, length);
            if (how < 2)
                bytes[at] = how ? 0xff : (unsigned char)(bytes[at] ^ 1);
            struct output_plan *plan = output_plan_parse(bytes, length);
            parsed += plan != NULL; /* a letter of a text, say */
            output_plan_destroy(plan);
        }
    }
    CU_ASSERT(parsed < 2 * size);
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {{"hash", test_hash},     {"contents", test_contents},
                           {"chunks", test_chunks}, {"refused", test_refused},
                           {"on disk", test_store}, {"damaged bytes", test_parse},
                           CU_TEST_INFO_NULL};
    return suite_run("output plan", tests);
}
