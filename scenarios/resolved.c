/* The resolved scenario as YAML that loads alone to the same values. */
#include "reader.h"

#include "../sim/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Decodes one character of valid UTF-8; returns its length. */
static size_t decode(const char *text, unsigned long *character)
{
    const unsigned char *byte = (const unsigned char *)text;
    size_t length = byte[0] < 0x80 ? 1 : byte[0] < 0xe0 ? 2 : byte[0] < 0xf0 ? 3 : 4;
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *character = byte[0] & masks[length];
    for (size_t i = 1; i < length; i++) {
        *character = *character << 6 | (byte[i] & 0x3f);
    }
    return length;
}

/* Characters that YAML does not take as they are, or folds as line ends. */
static bool needs_escape(unsigned long c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff ||
           c == 0xfffe || c == 0xffff;
}

/* A double-quoted YAML scalar. */
static void write_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    while (*text != '\0') {
        unsigned long c = 0;
        size_t length = decode(text, &c);
        if (c == '\n') {
            fputs("\\n", out);
        } else if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", (int)c);
        } else if (needs_escape(c)) {
            fprintf(out, "\\u%04lX", c);
        } else {
            fwrite(text, 1, length, out);
        }
        text += length;
    }
    fputc('"', out);
}

/* Plain where that is safe anywhere in a document, else quoted. */
static void write_word(FILE *out, const char *text)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_.-/";
    bool plain = text[0] != '\0' && text[0] != '-' && strspn(text, safe) == strlen(text);
    if (plain) {
        fputs(text, out);
    } else {
        write_quoted(out, text);
    }
}

/* A comment's text: on one line whatever it holds. */
static void write_comment(FILE *out, const char *unit, const char *origin)
{
    fputs(" # ", out);
    if (unit != NULL) {
        fprintf(out, "%s, ", unit);
    }
    while (*origin != '\0') {
        unsigned long c = 0;
        size_t length = decode(origin, &c);
        if (needs_escape(c)) {
            fprintf(out, "\\u%04lX", c);
        } else {
            fwrite(origin, 1, length, out);
        }
        origin += length;
    }
    fputc('\n', out);
}

/* What was written without quotes, so that a number stays one. */
static void write_plain(FILE *out, const char *text)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "0123456789_.-/ +";
    bool sign = text[0] == '-' || text[0] == '+';
    bool first = text[sign] != '\0' && strchr(" -+", text[sign]) == NULL;
    if (first && strspn(text, safe) == strlen(text) && text[strlen(text) - 1] != ' ') {
        fputs(text, out);
    } else {
        write_quoted(out, text);
    }
}

void scenario_node_write(FILE *out, const struct scenario_node *node)
{
    const char *comma = "";
    if (node->kind == SCENARIO_NODE_SCALAR) {
        if (node->quoted) {
            write_quoted(out, node->text);
        } else {
            write_plain(out, node->text);
        }
        return;
    }
    fputc(node->kind == SCENARIO_NODE_MAP ? '{' : '[', out);
    for (const struct scenario_node *child = node->first; child != NULL; child = child->next) {
        fputs(comma, out);
        comma = ", ";
        if (node->kind == SCENARIO_NODE_MAP) {
            write_word(out, child->key);
            fputs(": ", out);
        }
        scenario_node_write(out, child);
    }
    fputc(node->kind == SCENARIO_NODE_MAP ? '}' : ']', out);
}

static void write_number(FILE *out, double value)
{
    char text[32];
    fputs(scenario_number_text(value, text), out);
}

static void write_path(FILE *out, const struct sim_path *path)
{
    char text[32];
    if (path->count == 1) {
        write_number(out, path->values[0]);
        return;
    }
    fprintf(out, "{interpolate: %s, points: {", path->interpolate == SIM_STEP ? "step" : "linear");
    for (size_t i = 0; i < path->count; i++) {
        fprintf(out, "%s%s: ", i == 0 ? "" : ", ",
                scenario_parameter_year_text(path->years[i], text));
        write_number(out, path->values[i]);
    }
    fputs("}}", out);
}

void scenario_write_value(FILE *out, const struct sim_config *config, const char *path)
{
    struct sim_param_ref ref;
    sim_require(sim_config_find(config, path, &ref), "%s is not found", path);
    switch (ref.param->type) {
    case SIM_PARAM_TYPE_CHOICE:
        write_word(out, sim_config_choice(config, ref));
        break;
    case SIM_PARAM_TYPE_PATH:
        write_path(out, sim_config_path(config, ref));
        break;
    case SIM_PARAM_TYPE_REAL:
    case SIM_PARAM_TYPE_INT:
    case SIM_PARAM_TYPE_VECTOR:
        write_number(out, sim_config_number(config, ref));
        break;
    }
}

/* "  path: value # unit, origin" */
static void write_value(FILE *out, const struct sim_config *config, const char *path)
{
    struct sim_param_ref ref;
    sim_require(sim_config_find(config, path, &ref), "%s is not found", path);
    fputs("  ", out);
    write_word(out, path);
    fputs(": ", out);
    scenario_write_value(out, config, path);
    write_comment(out, ref.param->unit, sim_config_origin(config, ref));
}

static bool write_parameter(FILE *out, const struct sim_config *config,
                            const struct sim_param *param)
{
    if (param->type != SIM_PARAM_TYPE_VECTOR) {
        write_value(out, config, param->path);
        return true;
    }
    for (size_t i = 0; i < param->dimension->count; i++) {
        const char *label = param->dimension->labels[i];
        size_t size = strlen(param->path) + strlen(label) + 2;
        char *path = malloc(size);
        if (path == NULL) {
            return false;
        }
        snprintf(path, size, "%s.%s", param->path, label);
        write_value(out, config, path);
        free(path);
    }
    return true;
}

static bool write_parameters(FILE *out, const struct sim_config *config,
                             const struct sim_component *const *components, size_t count)
{
    bool good = true;
    fputs("parameters:\n", out);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < components[i]->param_count; j++) {
            good &= write_parameter(out, config, &components[i]->params[j]);
        }
    }
    return good;
}

static void write_policies(FILE *out, const struct sim_policies *policies)
{
    fputs("policies:\n", out);
    for (size_t i = 0; i < policies->count; i++) {
        const struct sim_policy *policy = &policies->items[i];
        struct sim_date date = sim_date_from_time(policy->time);
        fputs("  - {id: ", out);
        write_word(out, policy->id);
        fprintf(out, ", date: %04d-%02d-%02d, type: ", date.year, date.month, date.day);
        write_word(out, policy->type->name);
        for (size_t k = 0; policy->type->fields[k].name != NULL; k++) {
            const struct sim_policy_field *field = &policy->type->fields[k];
            double value = policy->values[k];
            if (!isfinite(value)) {
                continue; /* an optional number without default that was not written */
            }
            fputs(", ", out);
            write_word(out, field->name);
            fputs(": ", out);
            if (field->dimension == NULL) {
                write_number(out, value);
            } else {
                write_word(out, value < 0 ? "all" : field->dimension->labels[(size_t)value]);
            }
        }
        fputc('}', out);
        write_comment(out, NULL, policy->origin);
    }
}

static void write_text(FILE *out, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        fprintf(out, "%s: ", key);
        write_quoted(out, text);
        fputc('\n', out);
    }
}

static void write_references(FILE *out, const char *lines)
{
    if (lines[0] == '\0') {
        return;
    }
    fputs("references: ", out);
    write_quoted(out, lines);
    fputc('\n', out);
}

static void write_run(FILE *out, const struct scenario_run *run)
{
    fputs("run:\n", out);
    if (run->replicates > 0) {
        fprintf(out, "  replicates: %lld\n", (long long)run->replicates);
    }
    if (run->seed >= 0) {
        fprintf(out, "  seed: %lld\n", (long long)run->seed);
    }
    if (run->threads > 0) {
        fprintf(out, "  threads: %lld\n", (long long)run->threads);
    }
    if (run->until > 0) {
        struct sim_date date = sim_date_from_time(run->until);
        fprintf(out, "  until: %04d-%02d-%02d\n", date.year, date.month, date.day);
    }
    write_text(out, "  output", run->output);
}

static void write_outputs(FILE *out, const struct scenario_outputs *outputs)
{
    fputs("output:\n  frequency: month\n  variables: [", out);
    for (size_t i = 0; i < outputs->variable_count; i++) {
        fputs(i == 0 ? "" : ", ", out);
        write_word(out, outputs->variables[i]);
    }
    fprintf(out, "]\n  detail_replicates: %lld\n", (long long)outputs->detail_replicates);
}

static void write_uncertainties(FILE *out, const struct scenario *scenario)
{
    fputs("uncertainty:\n", out);
    for (size_t i = 0; i < scenario->uncertainty_count; i++) {
        const struct scenario_uncertainty *row = &scenario->uncertainties[i];
        fputs("  ", out);
        write_word(out, row->path);
        fprintf(out, ": {%s: [", scenario_distribution_name(row->distribution));
        for (size_t k = 0; k < row->count; k++) {
            fputs(k == 0 ? "" : ", ", out);
            write_number(out, row->numbers[k]);
        }
        fputs("]}", out);
        write_comment(out, NULL, row->origin);
    }
}

char *scenario_resolved_write(const struct scenario *scenario,
                              const struct sim_component *const *components, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        return NULL;
    }
    fputs("remelt: 1\n", out);
    write_text(out, "name", scenario->name);
    write_text(out, "title", scenario->title);
    write_text(out, "description", scenario->description);
    write_references(out, scenario->references);
    bool good = write_parameters(out, scenario->config, components, count);
    write_policies(out, &scenario->policies);
    write_uncertainties(out, scenario);
    if (scenario->sweep != NULL) {
        scenario_sweep_write(out, scenario->sweep);
    }
    write_run(out, &scenario->run);
    write_outputs(out, &scenario->outputs);
    good &= !ferror(out);
    if (fclose(out) != 0 || !good) {
        free(text);
        return NULL;
    }
    return text;
}
