/* Lines of a trace say what happened: cargo's own numbers, a heat's charge before the event, and no
 * more columns where there is neither. */
#include "../../models/trace.h"

#include "../suite.h"
#include "whole.h"

#include "../../models/furnace.h"

#include <stdio.h>
#include <string.h>

enum { LINE = 400, FIELDS = 14, BARE = 9 };

/* Splits a line at tabs, in place; returns the number of fields. */
static int split(char *line, char *field[FIELDS])
{
    int count = 0;
    for (char *at = line; at && count <= FIELDS; count++) {
        char *end = strpbrk(at, "\t\n");
        if (count < FIELDS)
            field[count] = at;
        if (end && *end == '\n') {
            *end = '\0';
            return count + 1;
        }
        if (end)
            *end++ = '\0';
        at = end;
    }
    return count;
}

/* One event's line, split. */
static int trace_line(const struct place *place, const struct sim_event *event, const void *cargo,
                      char line[LINE], char *field[FIELDS])
{
    FILE *out = fmemopen(line, LINE, "w");
    sim_require(out, "no memory for a line");
    trace_event(out, place->domain, event, cargo);
    fclose(out);
    return split(line, field);
}

struct seen {
    int cargo, bare, charged, melted, tapped;
    double smallest_t, largest_t;
};

static void check_heat(struct seen *seen, const struct place *place, const struct sim_event *event,
                       char *field[FIELDS])
{
    const struct plant *plant = &plants_of(place)->plant[event->entity & 0xffff];
    const struct heat *heat = &plant->heats[event->entity >> 16];
    double t = strtod(field[12], NULL);
    CU_ASSERT_EQUAL(strtoull(field[9], NULL, 10), heat->number);
    CU_ASSERT_EQUAL(atoi(field[10]), plant->alloy);
    CU_ASSERT_EQUAL(atoi(field[11]), heat->furnaces);
    CU_ASSERT_EQUAL(atoi(field[13]), place->index);
    if ((event->kind & 0xff) == FURNACE_CHARGE) {
        CU_ASSERT_STRING_EQUAL(field[2], "heat_charged");
        CU_ASSERT_EQUAL(t, 0);
        seen->charged++;
        return;
    }
    bool tapped = (event->kind & 0xff) == FURNACE_TAPPED;
    CU_ASSERT_STRING_EQUAL(field[2], tapped ? "heat_tapped" : "heat_melted");
    CU_ASSERT(fabs(t - lot_tonnes(&heat->charge)) < 1e-6);
    seen->melted += !tapped;
    seen->tapped += tapped;
    seen->smallest_t = fmin(seen->smallest_t, t);
    seen->largest_t = fmax(seen->largest_t, t);
}

static void look(struct whole *w, struct place *place, const struct sim_event *event,
                 const void *cargo)
{
    struct seen *seen = w->seen;
    char line[LINE], *field[FIELDS], when[32];
    int count = trace_line(place, event, cargo, line, field);
    unsigned component = event->kind >> 8;
    bool heat = component == COMPONENT_SMELTERS && (event->kind & 0xff) >= FURNACE_CHARGE;
    if (count != (cargo || heat ? FIELDS : BARE)) {
        CU_FAIL("number of columns");
        return;
    }
    CU_ASSERT_STRING_EQUAL(field[0], sim_time_text(event->time, when));
    CU_ASSERT_STRING_EQUAL(field[1], opening_place_name(place->index));
    CU_ASSERT_STRING_EQUAL(field[2], chain_components[component]->kinds[event->kind & 0xff].name);
    CU_ASSERT_EQUAL(strtoull(field[3], NULL, 10), event->entity);
    for (int i = 0; i < 5; i++)
        CU_ASSERT_EQUAL(strtoll(field[4 + i], NULL, 10), event->data.i[i]);
    if (heat) {
        check_heat(seen, place, event, field);
    } else if (cargo) {
        const struct lot *lot = cargo;
        CU_ASSERT_EQUAL(strtoull(field[9], NULL, 10), lot->serial);
        CU_ASSERT_EQUAL(atoi(field[10]), lot->load);
        CU_ASSERT_EQUAL(atoi(field[11]), lot->trucks);
        CU_ASSERT(fabs(strtod(field[12], NULL) - lot_tonnes(lot)) < 1e-6);
        CU_ASSERT_EQUAL(atoi(field[13]), lot->origin);
        seen->cargo++;
    } else {
        seen->bare++;
    }
}

static void test_chain(void)
{
    struct whole *w = whole_open();
    struct seen seen = {.smallest_t = INFINITY};
    w->before = look;
    w->seen = &seen;
    whole_start(w, 3);
    whole_days(w, 3);
    CU_ASSERT(seen.cargo > 100);
    CU_ASSERT(seen.bare > 100);
    CU_ASSERT(seen.charged > 100);
    /* What was charged on the third day may still be molten or to be tapped. */
    CU_ASSERT(seen.melted > seen.charged / 2 && seen.melted <= seen.charged);
    CU_ASSERT(seen.tapped > seen.charged / 2 && seen.tapped <= seen.melted);
    CU_ASSERT(seen.smallest_t > 0);
    CU_ASSERT(seen.largest_t < 2000);
    whole_close(w);
}

/* Events that no component knows are shown by a question mark, not left out. */
static void test_unknown(void)
{
    struct whole *w = whole_open();
    whole_start(w, 3);
    struct place *place = &w->f.places[18];
    static const uint16_t kinds[] = {EVENT(COMPONENT_HUBS, 200), EVENT(COMPONENTS, 0),
                                     EVENT(255, 255)};
    for (size_t i = 0; i < SIM_COUNT(kinds); i++) {
        struct sim_event event = {
            .time = 37 * SIM_DAY + 5 * SIM_HOUR, .kind = kinds[i], .entity = UINT32_MAX};
        event.data.i[3] = INT64_MIN;
        char line[LINE], *field[FIELDS];
        CU_ASSERT_EQUAL_FATAL(trace_line(place, &event, NULL, line, field), BARE);
        CU_ASSERT_STRING_EQUAL(field[0], "2019-02-07 05:00:00");
        CU_ASSERT_STRING_EQUAL(field[1], "Guangdong");
        CU_ASSERT_STRING_EQUAL(field[2], "?");
        CU_ASSERT_STRING_EQUAL(field[3], "4294967295");
        CU_ASSERT_STRING_EQUAL(field[7], "-9223372036854775808");
    }
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every event of three days", test_chain},
        {"unknown kinds", test_unknown},
        CU_TEST_INFO_NULL,
    };
    return suite_run("trace", tests);
}
