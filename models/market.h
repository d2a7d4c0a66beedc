/* The scrap market's mechanics, the same for every holder (hub, sorting centre, port): a price
 * posted once a day, a book of the day's orders, and their clearing with rationing. */
#ifndef MARKET_H
#define MARKET_H

#include "place.h"

struct market_params {
    double theta_cny_t; /* scale of buyers' choice between holders and grades */
    double base_gain;   /* of ln(cover) on the base, per day */
    double cover_gain;  /* of ln(cover) on the target */
    double cover_days;  /* stock that holders want, days of sales */
    double sales_days;  /* smoothing of sales */
    double up, down;    /* adjustment per day, upward and downward */
    double step_limit;  /* largest daily change of ln price */
    double ration;      /* largest share of the stock that is sold in a day */
    double truck_t;     /* gross t of a truck from holder to plant */
};

const struct market_params *market_params_of(const struct world *world);

/* Posted prices of one holder; CNY per recoverable t without VAT. Embedded in its owner. */
struct market_post {
    double base[GRADES]; /* ln(price / A00) at normal cover */
    double price[GRADES];
    double sales[GRADES];    /* t recoverable a day */
    double momentum[GRADES]; /* smoothed daily change of ln price */
};

/* One order in today's book. */
struct market_order {
    uint32_t buyer;
    int32_t province;
    int32_t grade;
    int64_t recoverable; /* g */
    uint64_t rank;       /* hash(day, buyer, number): the order of service */
};

struct market_book {
    struct market_order *orders; /* owned */
    size_t count, capacity;
    double wanted[GRADES], sold[GRADES]; /* today, t recoverable */
    /* month's volume and turnover, for the outputs */
    double month_volume[GRADES], month_turnover[GRADES];
};

void market_post_init(struct market_post *post, const struct world *world, double a00,
                      const double sales_t_day[static GRADES]);
/* Once a day (model.md's equations, tried): moves the prices and publishes the holder's slice of
 * today's board. stock_t in t recoverable. Resets the book's day. */
void market_post_day(struct market_post *post, struct place *place, int tier,
                     const struct lot stock[static GRADES], struct market_book *book);

bool market_book_init(struct market_book *book, size_t capacity);
void market_book_clear(struct market_book *book);
/* Takes an EVENT_*_ORDER into the book. */
void market_book_add(struct market_book *book, struct place *place, const struct sim_event *event);

/* What a holder sells from, for clearing. */
struct market_holder {
    int tier;
    struct lot *stock; /* [GRADES] */
    int account;       /* that holds the stock */
    int cash_account;
    int64_t *cash; /* fen, owner's own count */
};

/* Fills the book's orders in the order of their rank, at most params->ration of each stock,
 * dispatches lots and sends cancellations. Empties the book. */
void market_clear(struct place *place, struct market_book *book, const struct market_post *post,
                  const struct market_holder *holder);

/* Feed class of a grade at a tier, and t recoverable of a pile of that class. */
int market_class(int tier, int grade);
double market_recoverable_t(const struct world *world, int class, const struct lot *pile);

/* Adds a holder's month to scrap_price and scrap_price_gross and starts the next one. */
void market_sample(struct place *place, struct sim_sample *sample, int tier,
                   struct market_book *book);
/* The same for a price and a volume (t recoverable) of any tier. */
void market_sample_price(struct place *place, struct sim_sample *sample, int tier, int grade,
                         double price, double volume);

extern const struct sim_component market_component;

#endif
