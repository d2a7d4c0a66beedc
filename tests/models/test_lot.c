/* Lots and piles: amounts are integers, so splitting and mixing conserve them exactly. */
#include "../../models/lot.h"

#include "../../sim/random.h"
#include "../suite.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double composition[ELEMENTS] = {0.0712, 0.0085, 0.0231, 0.0033, 0.0046,
                                             0.0102, 0.0019, 0.0007, 0.0011};

static struct sim_stream stream_of(uint64_t trial)
{
    return sim_stream_make(sim_random_key_make(2385, 0), 1, 1, trial);
}

/* Any pile: metal over ten decades, elements and emissions of any size. */
static struct lot random_pile(struct sim_stream *stream)
{
    struct lot pile;
    memset(&pile, 0, sizeof pile);
    pile.q[LOT_METAL] = (int64_t)pow(10, 2 + 10 * sim_uniform(stream));
    for (int i = LOT_METAL + 1; i < LOT_QUANTITIES; i++)
        pile.q[i] = (int64_t)((double)pile.q[LOT_METAL] * sim_uniform(stream) * 0.11);
    pile.gross = (int64_t)((double)pile.q[LOT_METAL] * (1 + 0.3 * sim_uniform(stream)));
    pile.value = (int64_t)(1e12 * (sim_uniform(stream) - 0.2));
    pile.serial = 77;
    return pile;
}

static bool same(const struct lot *a, const struct lot *b)
{
    return memcmp(a->q, b->q, sizeof a->q) == 0 && a->gross == b->gross && a->value == b->value;
}

/* Random piles are cut into up to 60 pieces, the last taking all that is left: the pieces are never
 * negative, sum to the pile to the gram and the fen, and nothing stays. */
static void test_split(void)
{
    for (uint64_t trial = 0; trial < 2000; trial++) {
        struct sim_stream stream = stream_of(trial);
        const struct lot whole = random_pile(&stream);
        struct lot pile = whole, sum = {.serial = 0}, none = {.serial = 0};
        int pieces = 1 + (int)(60 * sim_uniform(&stream));
        bool sound = true;
        for (int i = 0; i < pieces; i++) {
            double share = i == pieces - 1 ? 1 : sim_uniform(&stream) / 3;
            int64_t metal =
                i == pieces - 1 ? pile.q[LOT_METAL] : (int64_t)((double)pile.q[LOT_METAL] * share);
            struct lot piece = lot_take(&pile, metal);
            sound = sound && piece.q[LOT_METAL] == metal && piece.serial == 0;
            for (int q = 0; q < LOT_QUANTITIES; q++)
                sound = sound && piece.q[q] >= 0 && pile.q[q] >= 0;
            lot_add(&sum, &piece);
        }
        CU_ASSERT(sound);
        CU_ASSERT(same(&sum, &whole));
        CU_ASSERT(same(&pile, &none));
    }
}

/* A piece has its share of everything, within a gram. */
static void test_proportion(void)
{
    for (uint64_t trial = 0; trial < 500; trial++) {
        struct sim_stream stream = stream_of(10000 + trial);
        struct lot pile = random_pile(&stream);
        const struct lot whole = pile;
        int64_t metal = (int64_t)((double)pile.q[LOT_METAL] * sim_uniform(&stream));
        struct lot piece = lot_take(&pile, metal);
        double share = (double)metal / (double)whole.q[LOT_METAL];
        for (int q = 0; q < LOT_QUANTITIES; q++)
            CU_ASSERT(fabs((double)piece.q[q] - share * (double)whole.q[q]) <= 1.001);
        CU_ASSERT(fabs((double)piece.value - share * (double)whole.value) <= 1.001);
        CU_ASSERT(fabs((double)piece.gross - share * (double)whole.gross) <= 1.001);
    }
}

/* Mixing is undone exactly by taking out the same, in any order of the lots. */
static void test_merge(void)
{
    struct lot lots[40], pile = {.serial = 0}, none = {.serial = 0}, forth = {.serial = 0},
                         back = {.serial = 0};
    struct sim_stream stream = stream_of(5);
    for (int i = 0; i < 40; i++) {
        lots[i] = random_pile(&stream);
        lot_add(&pile, &lots[i]);
        lot_add(&forth, &lots[i]);
    }
    for (int i = 39; i >= 0; i--)
        lot_add(&back, &lots[i]);
    CU_ASSERT(same(&forth, &back));
    for (int i = 0; i < 40; i++)
        lot_subtract(&pile, &lots[(7 * i) % 40]);
    CU_ASSERT(same(&pile, &none));
}

/* Taking nothing leaves all, taking from an empty pile gives nothing. */
static void test_edges(void)
{
    struct sim_stream stream = stream_of(6);
    struct lot pile = random_pile(&stream), before = pile, none = {.serial = 0};
    struct lot nothing = lot_take(&pile, 0);
    CU_ASSERT(same(&nothing, &none));
    CU_ASSERT(same(&pile, &before));
    struct lot empty = {.serial = 0}, taken = lot_take(&empty, 0);
    CU_ASSERT(same(&taken, &none));
    CU_ASSERT_EQUAL(lot_fraction(&empty, 2), 0);
    CU_ASSERT_EQUAL(lot_tonnes(&empty), 0);
    /* What lies in a pile without metal (emissions of metal that is gone) goes with the rest. */
    struct lot rest = {.q = {[LOT_CO2] = 2385}};
    taken = lot_take(&rest, 0);
    CU_ASSERT_EQUAL(taken.q[LOT_CO2], 2385);
    CU_ASSERT_EQUAL(rest.q[LOT_CO2], 0);
}

static void test_make(void)
{
    struct lot lot = lot_make(23850017, composition, 0.062);
    CU_ASSERT_EQUAL(lot.q[LOT_METAL], 23850017);
    CU_ASSERT_DOUBLE_EQUAL(lot_tonnes(&lot), 23.850017, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL((double)lot.gross * (1 - 0.062), 23850017, 1);
    for (int e = 0; e < ELEMENTS; e++)
        CU_ASSERT_DOUBLE_EQUAL(lot_fraction(&lot, e), composition[e], 1e-7);
    CU_ASSERT_EQUAL(lot.q[LOT_CO2], 0);
    CU_ASSERT_EQUAL(lot.q[LOT_BURDEN], 0);
    CU_ASSERT_EQUAL(lot.value, 0);
    CU_ASSERT_EQUAL(lot.trucks, 1);
}

/* Emissions of lost metal pass to the kept metal; nothing else does. */
static void test_embodied(void)
{
    struct sim_stream stream = stream_of(9);
    struct lot kept = random_pile(&stream), lost = random_pile(&stream);
    struct lot kept_before = kept, lost_before = lost, sum = kept, both;
    lot_add(&sum, &lost);
    lot_keep_embodied(&kept, &lost);
    both = kept;
    lot_add(&both, &lost);
    CU_ASSERT(same(&sum, &both));
    CU_ASSERT_EQUAL(lost.q[LOT_CO2], 0);
    CU_ASSERT_EQUAL(lost.q[LOT_BURDEN], 0);
    for (int q = 0; q < LOT_CO2; q++) {
        CU_ASSERT_EQUAL(kept.q[q], kept_before.q[q]);
        CU_ASSERT_EQUAL(lost.q[q], lost_before.q[q]);
    }
}

int main(void)
{
    CU_TestInfo tests[] = {{"splits conserve", test_split},
                           {"parts are proportional", test_proportion},
                           {"mixing is undone", test_merge},
                           {"nothing and empty", test_edges},
                           {"a lot is made", test_make},
                           {"embodied emissions are kept", test_embodied},
                           CU_TEST_INFO_NULL};
    return suite_run("lot", tests);
}
