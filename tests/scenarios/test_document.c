/* YAML documents: shape, lines, and everything that is refused, in bounded time and memory. */
#include "../../scenarios/document.h"
#include "../suite.h"
#include "example.h"

static struct scenario_node *parse(const char *text, struct sim_errors *errors)
{
    sim_errors_init(errors);
    return scenario_document_parse(text, strlen(text), "a.yaml", errors);
}

static void test_shape(void)
{
    struct sim_errors errors;
    struct scenario_node *root =
        parse("# first\na: 1\nb:\n  - x\n  - {c: 'y', d: [2.5]}\ne:\n", &errors);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    CU_ASSERT_EQUAL(root->count, 3);
    const struct scenario_node *a = scenario_node_find(root, "a");
    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    CU_ASSERT_EQUAL(a->line, 2);
    CU_ASSERT_FALSE(a->quoted);
    CU_ASSERT_STRING_EQUAL(a->text, "1");
    const struct scenario_node *b = scenario_node_find(root, "b");
    CU_ASSERT_PTR_NOT_NULL_FATAL(b);
    CU_ASSERT_EQUAL(b->kind, SCENARIO_NODE_LIST);
    CU_ASSERT_EQUAL(b->line, 3);
    CU_ASSERT_EQUAL(b->last->line, 5);
    CU_ASSERT_TRUE(b->last->first->quoted);
    CU_ASSERT_STRING_EQUAL(b->last->last->first->text, "2.5");
    CU_ASSERT_STRING_EQUAL(scenario_node_kind_text(scenario_node_find(root, "e")), "nothing");
    CU_ASSERT_PTR_NULL(scenario_node_find(root, "f"));
    scenario_document_destroy(root);
    scenario_document_destroy(NULL);
}

static void test_copy(void)
{
    struct sim_errors errors;
    struct scenario_node *root = parse("a: [1, {b: 'c'}]\n", &errors);
    struct scenario_node *copy = scenario_node_copy(root);
    scenario_document_destroy(root);
    CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
    CU_ASSERT_EQUAL(copy->first->count, 2);
    CU_ASSERT_STRING_EQUAL(copy->first->last->first->text, "c");
    CU_ASSERT_TRUE(copy->first->last->first->quoted);
    scenario_document_destroy(copy);
}

static void test_refused(void)
{
    static const struct {
        const char *text, *where, *what;
    } cases[] = {
        {"a: &x 1\nb: *x\n", "a.yaml:1", "anchors"},
        {"a: &x [1]\n", "a.yaml:1", "anchors"},
        {"a: &x {b: 1}\n", "a.yaml:1", "anchors"},
        {"a: 1\nb: *x\n", "a.yaml:2", "aliases"},
        {"a: !!str 1\n", "a.yaml:1", "tags"},
        {"a: !x [1]\n", "a.yaml:1", "tags"},
        {"a: !x {b: 1}\n", "a.yaml:1", "tags"},
        {"a: 1\n---\nb: 1\n", "a.yaml:2", "second document"},
        {"a: 1\nb: 2\na: 3\n", "a.yaml:3", "a: stands twice, first in line 1"},
        {"x:\n  - {b: 1, c: 2, b: 3}\n", "a.yaml:2", "b: stands twice"},
        {"%YAML 1.1\n---\na: 1\n", "a.yaml:1", "directives"},
        {"a: 'x\n%TAG !a! b\n'\n", "a.yaml:2", "directives"},
        {"#\xc2\x85%YAML 1.1\n", "a.yaml:1", "directives"},
        {"#\xe2\x80\xa8%YAML 1.1\n", "a.yaml:1", "directives"},
        {"#\xe2\x80\xa9%YAML 1.1\n", "a.yaml:1", "directives"},
        {"{[a]: 1}\n", "a.yaml:1", "a key is a name"},
        {"? {a: 1}\n: 1\n", "a.yaml:1", "a key is a name"},
        {"'': 1\n", "a.yaml:1", "empty key"},
        {"a: \"x\\0y\"\n", "a.yaml:1", "U+0000"},
        {"a: [1\n", "a.yaml:2", "not valid YAML"},
        {"a: 'x\n", "a.yaml:2", "not valid YAML"},
        {"a: 1\n b: 2\n", "a.yaml:2", "not valid YAML"},
        {"a:\n\t- 1\n", "a.yaml:2", "not valid YAML"},
        {"a: \"\\uD800\"\n", "a.yaml:1", "not valid YAML"},
        {"# nothing\n\n", "a.yaml", "nothing but comments"},
        {"---\n...\n---\na: 1\n", "a.yaml:3", "second document"},
    };
    for (size_t i = 0; i < SIM_COUNT(cases); i++) {
        struct sim_errors errors;
        struct scenario_node *root = parse(cases[i].text, &errors);
        CU_ASSERT_PTR_NULL(root);
        bool says = example_says(&errors, cases[i].where, cases[i].what);
        CU_ASSERT_TRUE(says);
        if (!says) {
            fprintf(stderr, "case %zu says: %s\n", i,
                    errors.count > 0 ? errors.lines[0] : "nothing");
        }
        CU_ASSERT_EQUAL(errors.worst, SIM_BAD_DATA);
        scenario_document_destroy(root);
        sim_errors_clear(&errors);
    }
}

/* Many times a piece of text; on the heap. */
static char *repeat(const char *piece, size_t count, const char *end)
{
    size_t length = strlen(piece);
    char *text = malloc(count * length + strlen(end) + 1);
    if (text == NULL) {
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(text + i * length, piece, length);
    }
    strcpy(text + count * length, end);
    return text;
}

static void expect(char *text, const char *where, const char *what)
{
    struct sim_errors errors;
    struct scenario_node *root = parse(text, &errors);
    CU_ASSERT_PTR_NULL(root);
    bool says = example_says(&errors, where, what);
    CU_ASSERT_TRUE(says);
    if (!says) {
        fprintf(stderr, "%.20s says: %s\n", text, errors.count > 0 ? errors.lines[0] : "nothing");
    }
    scenario_document_destroy(root);
    sim_errors_clear(&errors);
    free(text);
}

static void test_depth(void)
{
    struct sim_errors errors;
    char *text = repeat("[", SCENARIO_DOCUMENT_DEPTH, "");
    char *closed = malloc(2 * SCENARIO_DOCUMENT_DEPTH + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(closed);
    memset(closed, '[', SCENARIO_DOCUMENT_DEPTH);
    memset(closed + SCENARIO_DOCUMENT_DEPTH, ']', SCENARIO_DOCUMENT_DEPTH);
    closed[2 * SCENARIO_DOCUMENT_DEPTH] = '\0';
    struct scenario_node *root = parse(closed, &errors);
    CU_ASSERT_PTR_NOT_NULL(root);
    scenario_document_destroy(root);
    free(closed);
    free(text);
    expect(repeat("[", SCENARIO_DOCUMENT_DEPTH + 1, ""), "a.yaml:1", "64 levels");
    /* as large as a file may be: libyaml alone needs quadratic time for these */
    expect(repeat("[", SCENARIO_DOCUMENT_BYTES, ""), "a.yaml:1", "64 levels");
    expect(repeat("{a: ", SCENARIO_DOCUMENT_BYTES / 4, ""), "a.yaml:1", "64 levels");
    expect(repeat("- ", SCENARIO_DOCUMENT_BYTES / 2, ""), "a.yaml:1", "64 levels");
    expect(repeat("%TAG !a! b\n", SCENARIO_DOCUMENT_BYTES / 11, ""), "a.yaml:1", "directives");
    expect(repeat("[\n", SCENARIO_DOCUMENT_BYTES / 2, ""), "a.yaml:65", "64 levels");
}

static void test_number_of_values(void)
{
    expect(repeat("- a\n", SCENARIO_DOCUMENT_BYTES / 4, ""), "a.yaml:200000", "more than 200000");
    char *flow = repeat("[a],", SCENARIO_DOCUMENT_BYTES / 4 - 1, "");
    flow[1] = '['; /* "[[],[a],[a],": a list on one line */
    expect(flow, "a.yaml:1", "more than 200000");
    expect(repeat("k: 1\n", 90000, ""), "a.yaml:2", "stands twice");
}

static void test_show(void)
{
    char shown[12];
    CU_ASSERT_STRING_EQUAL(scenario_text_show("short", shown, sizeof shown), "short");
    CU_ASSERT_STRING_EQUAL(scenario_text_show("0123456789abcdef", shown, sizeof shown),
                           "01234567...");
    /* cut before a character of two bytes, not inside it */
    CU_ASSERT_STRING_EQUAL(scenario_text_show("0123456\xc3\xa4xxxxxxx", shown, sizeof shown),
                           "0123456...");
    CU_ASSERT_STRING_EQUAL(scenario_text_show("a\nb\x1b", shown, sizeof shown), "a b ");
}

int main(void)
{
    CU_TestInfo tests[] = {{"shape and lines", test_shape},
                           {"copy", test_copy},
                           {"refused", test_refused},
                           {"depth", test_depth},
                           {"number of values", test_number_of_values},
                           {"shown values", test_show},
                           CU_TEST_INFO_NULL};
    return suite_run("scenarios/document", tests);
}
