/* A YAML document as a tree of scalars, lists and maps with line numbers, built from libyaml's
 * events within limits of size, depth and number of values. No anchors, aliases, tags, directives
 * or second document; keys are scalars, and none stands twice in a map. */
#ifndef SCENARIO_DOCUMENT_H
#define SCENARIO_DOCUMENT_H

#include "../sim/status.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    SCENARIO_DOCUMENT_BYTES = 4 * 1024 * 1024,
    SCENARIO_DOCUMENT_DEPTH = 64,
    SCENARIO_DOCUMENT_VALUES = 200000, /* scalars, lists and maps, keys included */
    SCENARIO_ERRORS_MOST = 200         /* a reader stops where so many errors are collected */
};

enum scenario_node_kind { SCENARIO_NODE_SCALAR, SCENARIO_NODE_LIST, SCENARIO_NODE_MAP };

struct scenario_node {
    enum scenario_node_kind kind;
    int line;     /* where the key, or else the value, stands */
    bool quoted;  /* of a scalar: written in quotes or as a block, so it is text */
    char *key;    /* in a map; else NULL */
    char *text;   /* of a scalar; else NULL */
    size_t count; /* children */
    struct scenario_node *first, *last, *next;
};

/* Parses `size` bytes of UTF-8. NULL after reporting every error found, under the name `file`. */
struct scenario_node *scenario_document_parse(const char *bytes, size_t size, const char *file,
                                              struct sim_errors *errors);
void scenario_document_destroy(struct scenario_node *node); /* accepts NULL */

/* A copy on the heap of a node and what it holds, or NULL when out of memory. */
struct scenario_node *scenario_node_copy(const struct scenario_node *node);

/* A map's child by key, or NULL. */
const struct scenario_node *scenario_node_find(const struct scenario_node *map, const char *key);
/* "text", "a list", "a map", "nothing": for messages. */
const char *scenario_node_kind_text(const struct scenario_node *node);
/* A scalar's text for messages, shortened to `size` bytes at a character's boundary; for lists and
 * maps what they are. Returns `shown`. */
const char *scenario_node_show(const struct scenario_node *node, char *shown, size_t size);
/* Likewise for any text. */
const char *scenario_text_show(const char *text, char *shown, size_t size);

#endif
