#include "document.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

/* The tree under construction: open[depth - 1] is the innermost list or map. */
struct builder {
    struct scenario_node *root;
    struct scenario_node *open[SCENARIO_DOCUMENT_DEPTH];
    size_t depth, values;
    char *key; /* read, waiting for its value */
    int key_line;
    const char *file;
    struct sim_errors *errors;
};

static bool refuse(struct builder *b, const yaml_event_t *event, const char *message)
{
    sim_errors_add(b->errors, SIM_BAD_DATA, b->file, (int)event->start_mark.line + 1, "%s",
                   message);
    return false;
}

static char *copy_text(const yaml_event_t *event)
{
    size_t length = event->data.scalar.length;
    char *text = malloc(length + 1);
    if (text != NULL) {
        memcpy(text, event->data.scalar.value, length);
        text[length] = '\0';
    }
    return text;
}

/* A new node below the innermost open one, or the root; NULL after reporting. Takes the key. */
static struct scenario_node *add_node(struct builder *b, const yaml_event_t *event,
                                      enum scenario_node_kind kind)
{
    struct scenario_node *node = calloc(1, sizeof *node);
    if (node == NULL) {
        sim_errors_add(b->errors, SIM_MEMORY, b->file, 0, "out of memory");
        return NULL;
    }
    node->kind = kind;
    node->line = b->key != NULL ? b->key_line : (int)event->start_mark.line + 1;
    node->key = b->key;
    b->key = NULL;
    struct scenario_node *parent = b->depth > 0 ? b->open[b->depth - 1] : NULL;
    if (parent == NULL) {
        b->root = node;
    } else {
        *(parent->last == NULL ? &parent->first : &parent->last->next) = node;
        parent->last = node;
        parent->count++;
    }
    return node;
}

static bool wants_key(const struct builder *b)
{
    return b->depth > 0 && b->open[b->depth - 1]->kind == SCENARIO_NODE_MAP && b->key == NULL;
}

static bool count_value(struct builder *b, const yaml_event_t *event)
{
    if (++b->values <= SCENARIO_DOCUMENT_VALUES) {
        return true;
    }
    sim_errors_add(b->errors, SIM_BAD_DATA, b->file, (int)event->start_mark.line + 1,
                   "more than %d values: split the file", SCENARIO_DOCUMENT_VALUES);
    return false;
}

static bool add_scalar(struct builder *b, const yaml_event_t *event)
{
    size_t length = event->data.scalar.length;
    if (event->data.scalar.anchor != NULL) {
        return refuse(b, event, "anchors (&name) are not allowed: write the value out");
    }
    if (event->data.scalar.tag != NULL) {
        return refuse(b, event, "tags (!name) are not allowed: leave it out");
    }
    if (memchr(event->data.scalar.value, '\0', length) != NULL) {
        return refuse(b, event, "text with the character U+0000: leave it out");
    }
    char *text = copy_text(event);
    if (text == NULL) {
        sim_errors_add(b->errors, SIM_MEMORY, b->file, 0, "out of memory");
        return false;
    }
    if (wants_key(b)) {
        b->key = text;
        b->key_line = (int)event->start_mark.line + 1;
        return length > 0 || refuse(b, event, "an empty key: write a name before the ':'");
    }
    struct scenario_node *node = add_node(b, event, SCENARIO_NODE_SCALAR);
    if (node == NULL) {
        free(text);
        return false;
    }
    node->text = text;
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return true;
}

static bool open_node(struct builder *b, const yaml_event_t *event, enum scenario_node_kind kind)
{
    bool map = kind == SCENARIO_NODE_MAP;
    if ((map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor) != NULL) {
        return refuse(b, event, "anchors (&name) are not allowed: write the value out");
    }
    if ((map ? event->data.mapping_start.tag : event->data.sequence_start.tag) != NULL) {
        return refuse(b, event, "tags (!name) are not allowed: leave it out");
    }
    if (wants_key(b)) {
        return refuse(b, event, "a list or map as a key: a key is a name");
    }
    if (b->depth == SCENARIO_DOCUMENT_DEPTH) {
        sim_errors_add(b->errors, SIM_BAD_DATA, b->file, (int)event->start_mark.line + 1,
                       "nested more than %d levels deep: flatten it", SCENARIO_DOCUMENT_DEPTH);
        return false;
    }
    struct scenario_node *node = add_node(b, event, kind);
    if (node != NULL) {
        b->open[b->depth++] = node;
    }
    return node != NULL;
}

static int compare_keys(const void *left, const void *right)
{
    const struct scenario_node *a = *(const struct scenario_node *const *)left;
    const struct scenario_node *b = *(const struct scenario_node *const *)right;
    int order = strcmp(a->key, b->key);
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

/* libyaml accepts duplicate keys. Sorting keeps a map of many keys cheap. */
static bool close_map(struct builder *b, const struct scenario_node *map)
{
    if (map->count < 2) {
        return true;
    }
    const struct scenario_node **nodes = calloc(map->count, sizeof(const struct scenario_node *));
    if (nodes == NULL) {
        sim_errors_add(b->errors, SIM_MEMORY, b->file, 0, "out of memory");
        return false;
    }
    size_t count = 0;
    for (const struct scenario_node *node = map->first; node != NULL; node = node->next) {
        nodes[count++] = node;
    }
    qsort(nodes, count, sizeof(const struct scenario_node *), compare_keys);
    for (size_t i = 1; i < count && b->errors->count < SCENARIO_ERRORS_MOST; i++) {
        if (strcmp(nodes[i - 1]->key, nodes[i]->key) == 0) {
            char shown[80];
            sim_errors_add(b->errors, SIM_BAD_DATA, b->file, nodes[i]->line,
                           "%s: stands twice, first in line %d: keep one",
                           scenario_text_show(nodes[i]->key, shown, sizeof shown),
                           nodes[i - 1]->line);
        }
    }
    free(nodes);
    return true;
}

/* One event; false ends parsing. *done at the stream's end. */
static bool take_event(struct builder *b, const yaml_event_t *event, bool *done)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return count_value(b, event) && add_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
        return count_value(b, event) && open_node(b, event, SCENARIO_NODE_LIST);
    case YAML_MAPPING_START_EVENT:
        return count_value(b, event) && open_node(b, event, SCENARIO_NODE_MAP);
    case YAML_SEQUENCE_END_EVENT:
        b->depth--;
        return true;
    case YAML_MAPPING_END_EVENT:
        b->depth--;
        return close_map(b, b->open[b->depth]);
    case YAML_ALIAS_EVENT:
        return refuse(b, event, "aliases (*name) are not allowed: write the value out");
    case YAML_DOCUMENT_START_EVENT:
        return b->root == NULL ||
               refuse(b, event, "a second document: a file holds one scenario; remove the '---'");
    case YAML_STREAM_END_EVENT:
        *done = true;
        return true;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    return true;
}

static void report_syntax(const struct builder *b, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        sim_errors_add(b->errors, SIM_MEMORY, b->file, 0, "out of memory");
        return;
    }
    const char *problem = parser->problem == NULL ? "cannot be read" : parser->problem;
    int line = (int)parser->problem_mark.line + 1;
    if (parser->context == NULL) {
        sim_errors_add(b->errors, SIM_BAD_DATA, b->file, line, "not valid YAML: %s", problem);
    } else {
        sim_errors_add(b->errors, SIM_BAD_DATA, b->file, line,
                       "not valid YAML: %s, %s (begun in line %d)", problem, parser->context,
                       (int)parser->context_mark.line + 1);
    }
}

/* Is bytes[i] the first of a line? libyaml also ends lines at U+0085, U+2028 and U+2029. */
static bool begins_line(const char *bytes, size_t i)
{
    return i == 0 || bytes[i - 1] == '\n' || bytes[i - 1] == '\r' ||
           (i >= 2 && memcmp(bytes + i - 2, "\xc2\x85", 2) == 0) ||
           (i >= 3 && (memcmp(bytes + i - 3, "\xe2\x80\xa8", 3) == 0 ||
                       memcmp(bytes + i - 3, "\xe2\x80\xa9", 3) == 0));
}

/* libyaml compares every %TAG with all before it: 4 MB of them would take minutes. A line that
 * begins with '%' is a directive, or stands in the middle of a text, where it can be indented. */
static bool has_directive(const char *bytes, size_t size, const char *file,
                          struct sim_errors *errors)
{
    int line = 1;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '%' && begins_line(bytes, i)) {
            sim_errors_add(errors, SIM_BAD_DATA, file, line,
                           "directives (lines that begin with %%) are not allowed: remove it, or "
                           "indent it in a text");
            return true;
        }
        line += bytes[i] == '\n';
    }
    return false;
}

struct scenario_node *scenario_document_parse(const char *bytes, size_t size, const char *file,
                                              struct sim_errors *errors)
{
    struct builder b = {.file = file, .errors = errors};
    size_t before = errors->count;
    if (has_directive(bytes, size, file, errors)) {
        return NULL;
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        sim_errors_add(errors, SIM_MEMORY, file, 0, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, size);
    bool done = false, going = true;
    while (going && !done) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            report_syntax(&b, &parser);
            break;
        }
        going = take_event(&b, &event, &done);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    free(b.key);
    if (errors->count == before && b.root == NULL) {
        sim_errors_add(errors, SIM_BAD_DATA, file, 0, "holds nothing but comments or blanks");
    }
    if (errors->count != before) {
        scenario_document_destroy(b.root);
        return NULL;
    }
    return b.root;
}

void scenario_document_destroy(struct scenario_node *node)
{
    if (node == NULL) {
        return;
    }
    for (struct scenario_node *child = node->first; child != NULL;) {
        struct scenario_node *next = child->next;
        scenario_document_destroy(child);
        child = next;
    }
    free(node->key);
    free(node->text);
    free(node);
}

struct scenario_node *scenario_node_copy(const struct scenario_node *node)
{
    struct scenario_node *copy = calloc(1, sizeof *copy);
    if (copy == NULL) {
        return NULL;
    }
    copy->kind = node->kind;
    copy->line = node->line;
    copy->quoted = node->quoted;
    copy->key = node->key == NULL ? NULL : strdup(node->key);
    copy->text = node->text == NULL ? NULL : strdup(node->text);
    bool good =
        (copy->key == NULL) == (node->key == NULL) && (copy->text == NULL) == (node->text == NULL);
    for (const struct scenario_node *child = node->first; good && child != NULL;
         child = child->next) {
        struct scenario_node *twin = scenario_node_copy(child);
        good = twin != NULL;
        if (good) {
            *(copy->last == NULL ? &copy->first : &copy->last->next) = twin;
            copy->last = twin;
            copy->count++;
        }
    }
    if (!good) {
        scenario_document_destroy(copy);
        return NULL;
    }
    return copy;
}

const struct scenario_node *scenario_node_find(const struct scenario_node *map, const char *key)
{
    for (const struct scenario_node *child = map->first; child != NULL; child = child->next) {
        if (child->key != NULL && strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

const char *scenario_node_kind_text(const struct scenario_node *node)
{
    switch (node->kind) {
    case SCENARIO_NODE_LIST:
        return "a list";
    case SCENARIO_NODE_MAP:
        return "a map";
    case SCENARIO_NODE_SCALAR:
        break;
    }
    return node->text[0] == '\0' && !node->quoted ? "nothing" : "text";
}

const char *scenario_text_show(const char *text, char *shown, size_t size)
{
    size_t length = strlen(text);
    const char *dots = "";
    if (length > size - 1) {
        dots = "...";
        length = size - 1 - strlen(dots);
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80) {
            length--;
        }
    }
    for (size_t i = 0; i < length; i++) {
        bool control = (unsigned char)text[i] < 0x20 || text[i] == 0x7f;
        shown[i] = control ? ' ' : text[i];
    }
    memcpy(shown + length, dots, strlen(dots) + 1);
    return shown;
}

const char *scenario_node_show(const struct scenario_node *node, char *shown, size_t size)
{
    const char *kind = scenario_node_kind_text(node);
    return scenario_text_show(strcmp(kind, "text") == 0 ? node->text : kind, shown, size);
}
