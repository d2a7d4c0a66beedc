#include "opening.h"

#include "market.h"
#include "new_scrap.h"
#include "stock.h"

#include <math.h>

const char *opening_place_name(int index)
{
    return index == NATION ? "the nation" : labels_province.labels[index];
}

static void open_holder(struct board_holder *holder, const struct world *world, double a00,
                        int tier, int grade, double sales_t_day)
{
    const struct market_params *p = market_params_of(world);
    double price = world->feed[grade].price_ratio * a00;
    holder->price[grade] = tier == TIER_SORTED ? price * 1.015 : price;
    holder->sales[grade] = sales_t_day;
    holder->stock[grade] = tier == TIER_HUB ? sales_t_day * p->cover_days : 0;
    holder->weight[grade] =
        sales_t_day > 1e-6 ? sales_t_day * exp(-(holder->price[grade] - a00) / p->theta_cny_t) : 0;
}

/* Hubs sell what is collected and what fabricators sell; sorting centres and ports find their
 * sales themselves. */
void opening_board(struct place *nation)
{
    const struct world *world = nation->world;
    struct board *board = &nation->run->boards[0];
    const struct board_nation *first = &board->nation;
    for (int i = 0; i < PROVINCES; i++) {
        struct place here = *nation;
        here.index = i;
        for (int g = 0; g < GRADES; g++) {
            double t = 0;
            for (int s = 0; s < SECTORS; s++)
                t += first->discards[s] * world->province[i].old_scrap_share *
                     world->sector_grade[s][g] * stock_recovery(world, s, WORLD_FIRST_YEAR);
            t += new_scrap_rate_t_day(&here, g);
            t *= world->feed[g].recoverable;
            open_holder(&board->holder[i][TIER_HUB - 1], world, first->a00, TIER_HUB, g, t);
            bool sortable = market_class(TIER_SORTED, g) != g;
            open_holder(&board->holder[i][TIER_SORTED - 1], world, first->a00, TIER_SORTED, g,
                        sortable ? 0.1 * t : 0);
            open_holder(&board->holder[i][TIER_PORT - 1], world, first->a00, TIER_PORT, g, 0);
        }
    }
    nation->run->boards[1] = *board;
}
